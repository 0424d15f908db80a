"""Live speech with the recogniser of this machine: how late words appear, and how they differ from the file's.

    python -m bench.recogniser.latency

Recordings are streamed to `/v1/stream` in real time, one after the other. A word has appeared when the provisional and
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

from bench.recogniser.accuracy import errors
from bench.recogniser.recognition import text_of, transcribe
from bench.report import percentile, report
from speechserver import models
from speechserver.audio import BYTES_A_SAMPLE, RATE_HZ, read_samples
from speechserver.recogniser.whisper import Whisper
from tests.support.corpus import corpus
from tests.support.speech_server.process import SpeechProcess

RECORDINGS = {
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
class Session:
    """The messages of a session, and the length of its text over time."""

    finals: list[dict[str, Any]] = field(default_factory=list)
    lengths: list[tuple[float, int]] = field(default_factory=list)
    begun_at: float = 0.0

    def add(self, message: dict[str, Any]) -> None:
        """Record a message."""
        if message["type"] == "final":
            self.finals.append(message)
            return  # a provisional text without its words follows
        provisional = message["text"] if message["type"] == "partial" else ""
        said = sum(_length(final["text"]) for final in self.finals) + _length(provisional)
        self.lengths.append((time.monotonic() - self.begun_at, said))

    def lags_s(self) -> list[float]:
        """Return the lag of each word in seconds."""
        lags, length = [], 0
        for word in (word for final in self.finals for word in final["words"]):
            length += _length(word["word"])
            shown = next(at for at, said in self.lengths if said >= length)
            lags.append(max(0.0, shown - word["end"]))
        return lags


def _length(text: str) -> int:
    return sum(character.isalnum() for character in text)


async def stream(speech: SpeechProcess, audio: bytes, language: str) -> tuple[Session, float]:
    """Stream audio in real time; return the session and how long it took to begin."""
    live, requested = Session(), time.monotonic()
    headers = {"Authorization": f"Bearer {speech.key}"}
    url = f"{speech.url}/v1/stream?language={language}"
    async with aiohttp.ClientSession() as session, session.ws_connect(url, headers=headers) as socket:
        ready = await socket.receive_json()
        assert ready["type"] == "ready", ready
        live.begun_at = time.monotonic()
        sending = asyncio.create_task(_send(socket, audio, live.begun_at))
        async for message in socket:
            answer = json.loads(message.data)
            if answer["type"] in ("partial", "final"):
                live.add(answer)
        await sending
    return live, live.begun_at - requested


async def _send(socket: aiohttp.ClientWebSocketResponse, audio: bytes, begun_at: float) -> None:
    for at in range(0, len(audio), FRAME_BYTES):
        due = begun_at + at / BYTES_A_SAMPLE / RATE_HZ + FRAME_S  # a frame is complete when its audio is over
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await socket.send_bytes(audio[at : at + FRAME_BYTES])
    await socket.send_str('{"type": "close_stream"}')


def main() -> None:
    """Measure and print one row for each recording, and one for all."""
    lags: list[float] = []
    with tempfile.TemporaryDirectory() as name, SpeechProcess(Path(name) / "speech", model="base") as speech:
        whisper = Whisper(models.find("base", Path(name) / "models").path, passes=2)
        for file, language in RECORDINGS.items():
            path = corpus() / "speech" / file
            session, opened_s = asyncio.run(
                stream(speech, b"".join(samples for samples, _ in read_samples(path)), language)
            )
            lags += session.lags_s()
            text = " ".join(final["text"] for final in session.finals)
            differing = errors(language, text_of(transcribe(whisper, path, language)), text)
            _report(
                file,
                session.lags_s(),
                opened_s=round(opened_s, 1),
                differing_from_the_file="{} of {}".format(*differing),
            )
    _report("all", lags)


def _report(recording: str, lags: list[float], **values: Any) -> None:
    shares = {f"lag_p{share}_s": percentile(lags, share) for share in (50, 95)}
    report("latency", recording=recording, words=len(lags), **shares, most_s=round(max(lags), 1), **values)


if __name__ == "__main__":
    main()
