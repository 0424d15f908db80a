"""Every fault that may meet a live session, one each, in real pages against a whole instance."""

from __future__ import annotations

import asyncio
import random
import threading
from typing import TYPE_CHECKING

import pytest

from tests.support.instance import Instance
from tests.support.provider import Provider
from tests.support.wave import Outcome, Wave

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

KINDS = ["web", "redis", "reset 1", "silent 1", "provider-reset", "provider-stall", "reload", "kill"]


async def outcomes(folder: Path) -> list[Outcome]:
    """What becomes of a session a fault, all at once."""
    async with Provider() as provider:
        endpoint = {"STT_API_ENDPOINT": provider.url, "STT_API_KEY": "key", "STT_LIMITS": "none"}
        instance = Instance(folder / "data", **endpoint)
        await asyncio.to_thread(instance.__enter__)
        try:
            return await Wave(instance, provider, folder, KINDS, random.Random(7)).run()
        finally:
            await asyncio.to_thread(instance.__exit__)


@pytest.mark.timeout(180)
def test_no_fault_costs_sound_or_words(tmp_path: Path, chromium: Browser) -> None:
    found: list[Outcome] = []
    # Playwright's synchronous loop holds this thread.
    running = threading.Thread(target=lambda: found.extend(asyncio.run(outcomes(tmp_path))))
    running.start()
    running.join()
    assert [outcome.kind for outcome in found] == KINDS
    assert [outcome for outcome in found if not outcome.is_good] == []
