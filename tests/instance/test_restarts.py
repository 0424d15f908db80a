"""Processes that end while people speak, of their own will or not, cost no word and no sound."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.project.network import free_port
from tests.support.instance import Instance
from tests.support.live.client import Speaker
from tests.support.live.provider import echo_audio, echo_words
from tests.support.live.provider_process import Echo
from tests.support.live.stored_sessions import kept, until_sealed
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_deploy_in_mid_sentence_costs_no_word(tmp_path: Path) -> None:
    with Echo() as echo, Instance(tmp_path, STT_API_ENDPOINT=echo.url, STT_API_KEY="key") as instance:
        person = await asyncio.to_thread(instance.sign_in)
        speakers = [Speaker(person, f"Meeting {number}") for number in range(3)]
        await asyncio.gather(*(interrupted(speaker, speakers, instance) for speaker in speakers))
        await asyncio.to_thread(until_sealed, instance, [speaker.session for speaker in speakers])
        for speaker in speakers:
            assert speaker.hellos >= 2
            found = kept(instance, speaker.session)
            assert found.sound == echo_audio(0, 6_000)
            assert found.words == echo_words(6_000)
            assert found.times == sorted(found.times)
            assert found.is_whole


async def interrupted(speaker: Speaker, speakers: list[Speaker], instance: Instance) -> None:
    """Speak for six seconds; in the middle the first one stops the web process as a deploy does."""
    speaker.come()
    await speaker.speak(30)
    await speaker.until(lambda: speaker.finals >= 2)
    if speaker is speakers[0]:
        os.kill(instance.pid("web"), signal.SIGTERM)
    await speaker.speak(30)
    await speaker.until(lambda: speaker.hellos >= 2)
    await speaker.stop()


@pytest.mark.long
async def test_a_provider_that_stays_away_leaves_a_recording_that_is_transcribed_afterwards(tmp_path: Path) -> None:
    with SpeechProcess(tmp_path / "speech", script={}) as provider:
        away = f"ws://127.0.0.1:{free_port()}"
        endpoint = {"STT_API_ENDPOINT": provider.url, "STT_WS_ENDPOINT": away, "STT_API_KEY": provider.key}
        with Instance(tmp_path / "data", STT_LIMITS="none", **endpoint) as instance:
            person = await asyncio.to_thread(instance.sign_in)
            speaker = Speaker(person, "Meeting")
            speaker.come()
            await speaker.speak(20, frame_s=0.02)
            await speaker.stop()
            await asyncio.to_thread(until_sealed, instance, [speaker.session])
            found = kept(instance, speaker.session)
            assert found.sound == echo_audio(0, 2_000)
            assert (found.words, found.is_whole) == ([], False)
            await asyncio.to_thread(person.wait_for, {found.recording})
            assert len(provider.billed()) == 1
