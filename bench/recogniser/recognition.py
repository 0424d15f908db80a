"""The recogniser of this machine on every recording of the corpus: errors by language, languages, speed and memory.

    python -m bench.recogniser.recognition

It transcribes each file as the speech server does, with one thread and with two, and detects the languages.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.recogniser.accuracy import Errors, Recording, errors, recordings
from bench.report import report
from speechserver import models
from speechserver.audio import read_samples
from speechserver.options import Options
from speechserver.recogniser.recording import Transcription
from speechserver.recogniser.whisper import Whisper

MODELS = ("base", "tiny.en")
THREADS = (2, 1)
# Shorter speech is too little to detect a language
DETECTABLE_S = 5.0


def transcribe(whisper: Whisper, path: Path, language: str = "") -> dict[str, Any]:
    """Return the answer of a loaded model to a recording, without telling speakers apart."""
    transcription = Transcription(whisper, Options(language=language, diarize=False))
    for samples, _ in read_samples(path):
        transcription.feed(samples)
    return transcription.finish()


def text_of(answer: dict[str, Any]) -> str:
    """Return the text of an answer."""
    return " ".join(segment["text"] for segment in answer["segments"])


def main() -> None:
    """Measure each model in a process of its own, so that its memory is its own."""
    with TemporaryDirectory() as folder:
        for model in MODELS:
            for threads in THREADS:
                command = [sys.executable, "-m", "bench.recogniser.recognition", model, str(threads), folder]
                lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
                sys.stdout.write("\n".join(lines[:-1]) + "\n")
                report("recognition", **json.loads(lines[-1]))


def measure(model: str, threads: int, folder: Path) -> dict[str, Any]:
    """Transcribe the corpus; print a line for each recording, return the sums."""
    began = time.monotonic()
    found = models.find(model, folder)
    models.verify(found, folder)
    whisper = Whisper(found.path, passes=threads)
    load_s = time.monotonic() - began
    chosen = [one for one in recordings() if whisper.is_multilingual or one.language == "en"]
    began = time.monotonic()
    answers = [_print_row(one, transcribe(whisper, one.path)) for one in chosen]
    taken_s = time.monotonic() - began
    return {
        "model": model,
        "threads": threads,
        "loaded_in_s": round(load_s, 1),
        "times_real_time": round(sum(one.seconds for one in chosen) / taken_s, 1),
        "most_memory_mib": _most_memory_mib(),
        "errors": _by_language(chosen, answers),
        "wrong_languages": [
            one.path.name for one, answer in zip(chosen, answers, strict=True) if _is_wrong(one, answer)
        ],
    }


def _print_row(recording: Recording, answer: dict[str, Any]) -> dict[str, Any]:
    wrong, count = errors(recording.language, recording.reference, text_of(answer)) if recording.reference else (0, 0)
    share = f"{wrong:3} of {count:3}" if count else "no exact text"
    detected = f"{answer['language']} {answer['language_probability'] or 1:.2f}"
    sys.stdout.write(f"{recording.path.name:34} {detected:8} {share}\n")
    return answer


def _by_language(chosen: list[Recording], answers: list[dict[str, Any]]) -> dict[str, str]:
    sums: dict[str, list[Errors]] = defaultdict(list)
    for one, answer in zip(chosen, answers, strict=True):
        if one.reference:
            sums[one.language].append(errors(one.language, one.reference, text_of(answer)))
    return {
        language: f"{sum(one.wrong for one in all_of_it) / sum(one.of for one in all_of_it):.3f}"
        for language, all_of_it in sorted(sums.items())
    }


def _is_wrong(recording: Recording, answer: dict[str, Any]) -> bool:
    return recording.seconds > DETECTABLE_S and answer["language"] != recording.language


def _most_memory_mib() -> int:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        name, number, where = sys.argv[1:]
        sys.stdout.write(json.dumps(measure(name, int(number), Path(where))) + "\n")
    else:
        main()
