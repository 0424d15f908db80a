"""Live speech with the recogniser of this machine: how late words are, and how they differ from the file's.

    python -m bench.listening

Recordings are spoken into `/v1/stream` at their own pace, one after the other. A word is there when the provisional and
final text together are as long as the text up to it; its lag is counted from the end of the word in the audio.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench.accuracy import errors
from bench.recognition import text_of, transcribe
from bench.report import percentile, report
from speechserver import models
from speechserver.audio import BYTES_A_SAMPLE, RATE_HZ, read_samples
from speechserver.recogniser.whisper import Whisper
from tests.support.corpus import corpus
from tests.support.speech_server.process import SpeechProcess

SPOKEN = {
    "en_interview_spacewalk.wav": "en",
    "en_phone_watson3.wav": "en",
    "de_read_simplicissimus.mp3": "de",
    "nl_dialog_2spk.wav": "nl",
    "es_read_arenas.wav": "es",
    "ko_phone_insurance.wav": "ko",
}
FRAME_S = 0.1
FRAME_BYTES = round(FRAME_S * RATE_HZ * BYTES_A_SAMPLE)


@dataclass(slots=True)
class Heard:
    """What a session said, and when the text was how long."""

    finals: list[dict[str, Any]] = field(default_factory=list)
    lengths: list[tuple[float, int]] = field(default_factory=list)
    begun_at: float = 0.0

    def take(self, message: dict[str, Any]) -> None:
        """Note a message."""
        if message["type"] == "final":
            self.finals.append(message)
            return  # a provisional text without its words follows
        provisional = message["text"] if message["type"] == "partial" else ""
        said = sum(_length(final["text"]) for final in self.finals) + _length(provisional)
        self.lengths.append((time.monotonic() - self.begun_at, said))

    def lags_s(self) -> list[float]:
        """Return the lag of each word."""
        lags, length = [], 0
        for word in (word for final in self.finals for word in final["words"]):
            length += _length(word["word"])
            shown = next(at for at, said in self.lengths if said >= length)
            lags.append(max(0.0, shown - word["end"]))
        return lags


def _length(text: str) -> int:
    return sum(character.isalnum() for character in text)


async def speak(speech: SpeechProcess, audio: bytes, language: str) -> tuple[Heard, float]:
    """Speak audio into a session; also returns how long it took to begin."""
    heard, asked = Heard(), time.monotonic()
    headers = {"Authorization": f"Bearer {speech.key}"}
    url = f"{speech.url}/v1/stream?language={language}"
    async with aiohttp.ClientSession() as session, session.ws_connect(url, headers=headers) as socket:
        ready = await socket.receive_json()
        assert ready["type"] == "ready", ready
        heard.begun_at = time.monotonic()
        sending = asyncio.create_task(_send(socket, audio, heard.begun_at))
        async for message in socket:
            said = json.loads(message.data)
            if said["type"] in ("partial", "final"):
                heard.take(said)
        await sending
    return heard, heard.begun_at - asked


async def _send(socket: aiohttp.ClientWebSocketResponse, audio: bytes, begun_at: float) -> None:
    for at in range(0, len(audio), FRAME_BYTES):
        due = begun_at + at / BYTES_A_SAMPLE / RATE_HZ + FRAME_S  # a frame is there when its audio is over
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await socket.send_bytes(audio[at : at + FRAME_BYTES])
    await socket.send_str('{"type": "close_stream"}')


def main() -> None:
    """Measure and print a row a recording, and one for all."""
    lags: list[float] = []
    with tempfile.TemporaryDirectory() as name, SpeechProcess(Path(name) / "speech", model="base") as speech:
        whisper = Whisper(models.find("base", Path(name) / "models").path, passes=2)
        for file, language in SPOKEN.items():
            path = corpus() / "speech" / file
            heard, opened_s = asyncio.run(
                speak(speech, b"".join(samples for samples, _ in read_samples(path)), language)
            )
            lags += heard.lags_s()
            live = " ".join(final["text"] for final in heard.finals)
            differing = errors(language, text_of(transcribe(whisper, path, language)), live)
            _report(
                file, heard.lags_s(), opened_s=round(opened_s, 1), differing_from_the_file="{} of {}".format(*differing)
            )
    _report("all", lags)


def _report(recording: str, lags: list[float], **values: Any) -> None:
    shares = {f"lag_p{share}_s": percentile(lags, share) for share in (50, 95)}
    report("listening", recording=recording, words=len(lags), **shares, most_s=round(max(lags), 1), **values)


if __name__ == "__main__":
    main()
