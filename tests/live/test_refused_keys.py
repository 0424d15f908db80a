"""A key that is refused to a live session lets its account wait, as one that is refused to an upload does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.live.test_provider_link import Speaker, begin, do, until
from tests.live.test_provider_link import double as _double
from tests.support.live.provider import Fault
from transcripts.models import ProviderAccount
from transcripts.services.provider_accounts import refusals

if TYPE_CHECKING:
    from tests.support.live.provider import LiveDouble
    from tests.support.pipeline import Pipeline
    from transcripts.models import LiveSession

double = _double


async def refused(session: LiveSession) -> list[str]:
    """Speak in a session whose provider refuses it; return what was said about the provider."""
    async with Speaker(session) as speaker:
        await speaker.speak(500)
        await until(lambda: bool(speaker.news()))
        assert not await speaker.stop()
        return speaker.news()


@pytest.mark.parametrize("fault", [Fault("refuse", code=401), Fault("close", code=4401)])
async def test_the_account_waits_for_another_key(pipeline: Pipeline, double: LiveDouble, fault: Fault) -> None:
    double.faults.append(fault)
    [said] = [one for one in await refused(await begin(pipeline, double)) if one]
    assert said.startswith("The provider can’t transcribe live now. Your audio is saved")
    account = await ProviderAccount.objects.aget()
    assert account.key_refused_at is not None
    assert account.refused_key


async def test_a_403_can_be_of_live_speech_alone(pipeline: Pipeline, double: LiveDouble) -> None:
    double.faults.append(Fault("refuse", code=403))
    await refused(await begin(pipeline, double))
    assert (await ProviderAccount.objects.aget()).key_refused_at is None


async def test_a_key_that_was_replaced_lets_nothing_wait(
    pipeline: Pipeline, double: LiveDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    double.faults.append(Fault("refuse", code=401))
    session = await begin(pipeline, double)
    note = refusals.note_live
    monkeypatch.setattr(refusals, "note_live", lambda account, value, error: note(account, f"{value} before", error))
    await refused(session)
    assert (await do(ProviderAccount.objects.get)).key_refused_at is None
