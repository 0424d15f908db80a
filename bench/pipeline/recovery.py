"""kill -9 of each process while a recording is processed: how much longer it takes than undisturbed."""

from __future__ import annotations

import itertools
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.report import report
from tests.support.audio import write_tone
from tests.support.instance import Instance
from tests.support.speech_server.process import SpeechProcess

HERTZ = itertools.count(440)
STAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "media": ("Preparing", {}),
    "provider": ("Sending", {"faults": [{"on": "upload", "nth": 1, "do": "slow", "seconds": 0.05}]}),
    "default": ("Transcribing", {"seconds": 0.5}),
    "conductor": ("Transcribing", {"seconds": 0.5}),
    "web": ("Transcribing", {"seconds": 0.5}),
    "redis": ("Transcribing", {"seconds": 0.5}),
}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with SpeechProcess(folder / "speech", script={}) as provider:
            endpoint = {"STT_API_ENDPOINT": provider.url, "STT_API_KEY": provider.key, "STT_LIMITS": "none"}
            with Instance(folder / "data", **endpoint) as instance:
                for victim, (stage, script) in STAGES.items():
                    _measure(instance, provider, folder, victim, stage, script)


def _measure(
    instance: Instance, provider: SpeechProcess, folder: Path, victim: str, stage: str, script: dict[str, Any]
) -> None:
    undisturbed = _seconds(instance, provider, folder, script)
    killed = _seconds(instance, provider, folder, script, victim=victim, stage=stage)
    report("recovery", killed=f"{victim} while {stage.lower()}", longer_by_seconds=round(killed - undisturbed, 1))


def _seconds(
    instance: Instance,
    provider: SpeechProcess,
    folder: Path,
    script: dict[str, Any],
    victim: str = "",
    stage: str = "",
) -> float:
    provider.rescript(script)
    # Another each time, because the answer to the same audio is used again
    recording = write_tone(folder / "recording.wav", seconds=1800, hertz=next(HERTZ))
    began = time.monotonic()
    terminal = instance.transcribe(recording)
    if victim:
        terminal.until(stage)
        instance.kill(victim)
    assert terminal.result()[0] == 0
    return time.monotonic() - began


if __name__ == "__main__":
    main()
