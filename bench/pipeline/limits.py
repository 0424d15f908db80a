"""Twelve simultaneous recordings against a provider with its documented limits: five uploads a minute.

"Used" is the time until the last upload if every slot were used the moment it is released, as a share of the measured
time. "Busy" is the share of the time that a worker of the `provider` or `default` queue spent in a job: a worker that
sleeps until a slot is free would be busy all the time.
"""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

import psutil

from bench.report import report
from tests.support.audio import write_tone
from tests.support.instance import Instance
from tests.support.speech_server.process import SpeechProcess

RECORDINGS = 12
COUNT, WINDOW_S = 5, 60.0


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Each is another, because the answer to the same audio is used again
        tones = [write_tone(folder / f"tone-{number}.wav", hertz=440 + number) for number in range(RECORDINGS)]
        with SpeechProcess(folder / "speech", script={}, limits="documented") as provider:
            _measure(folder, tones, provider)


def _measure(folder: Path, tones: list[Path], provider: SpeechProcess) -> None:
    endpoint = {"STT_API_ENDPOINT": provider.url, "STT_API_KEY": provider.key}
    with Instance(folder / "data", **endpoint) as instance, Sampler(instance) as sampler:
        terminals = [instance.transcribe(tone) for tone in tones]
        codes = [terminal.result(timeout_s=400)[0] for terminal in terminals]
    asked = [entry for entry in provider.ledger() if entry["on"] in ("upload", "status")]
    answered = [entry["answered_at"] for entry in asked if entry["on"] == "upload" and entry["code"] == 200]
    rounds = (RECORDINGS - 1) // COUNT
    took = max(answered) - min(answered)
    report(
        "limits",
        finished=codes.count(0),
        refused_with_429=sum(entry["code"] == 429 for entry in asked),
        uploads=len(answered),
        used_percent=round(100 * rounds * WINDOW_S / took, 1),
        seconds=round(took, 1),
        busy_percent=sampler.busy_percent,
    )


class Sampler:
    """Samples twenty times a second whether the workers that call providers are in a job."""

    def __init__(self, instance: Instance) -> None:
        self.workers = [psutil.Process(instance.pid(name)) for name in ("provider", "default")]
        self.seen: list[bool] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._sample)

    def __enter__(self) -> Sampler:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    @property
    def busy_percent(self) -> float:
        """Return the share of samples that found a work-horse, in percent."""
        return round(100 * sum(self.seen) / len(self.seen), 1)

    def _sample(self) -> None:
        while not self.over.wait(0.05):
            self.seen += [bool(worker.children()) for worker in self.workers]


if __name__ == "__main__":
    main()
