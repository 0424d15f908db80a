"""Every fault that may meet a live session, one each, in real pages against a whole instance."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.environment import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KINDS = ["web", "redis", "reset 1", "silent 1", "provider-reset", "provider-stall", "reload", "kill", "silent-stop"]


@pytest.mark.long
@pytest.mark.timeout(500)
def test_no_fault_costs_sound_or_words(chromium: Browser) -> None:
    # In a process of its own: one may hold only one of Playwright's loops.
    wave = [sys.executable, "-m", "tests.support.live.faults", ",".join(KINDS)]
    finished = subprocess.run(wave, cwd=ROOT, capture_output=True, text=True, timeout=480)
    assert finished.returncode == 0, finished.stdout + finished.stderr
