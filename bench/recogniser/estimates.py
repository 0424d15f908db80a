"""How far estimated times of words are from those that the recogniser of this machine measures, over the corpus.

    python -m bench.recogniser.estimates

Each text is what Whisper base recognised, without its times; once more without punctuation and capitals, as many
recognisers answer. A text whose words are divided otherwise than the recogniser does is left out, and counted.
"""

from __future__ import annotations

import re
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.recogniser.accuracy import recordings
from bench.recogniser.recognition import transcribe
from bench.report import percentile, report
from speechserver import models
from speechserver.recogniser.whisper import Whisper
from transcripts.document import timing
from transcripts.document.values import Segment
from transcripts.media import prepare, speech

UNSAID = re.compile(r"[^\w-]")


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        found = models.find("base", Path(folder))
        models.verify(found, Path(folder))
        whisper = Whisper(found.path)
        measured = [(one.path, _words(transcribe(whisper, one.path))) for one in recordings()]
    for what, plain in (("as recognised", False), ("without punctuation", True)):
        _report(what, [_distances(path, words, plain=plain) for path, words in measured if words])


def _words(answer: dict[str, Any]) -> list[tuple[str, int]]:
    words = [word for segment in answer["segments"] for word in segment.get("words", ())]
    return [(word["word"].strip(), round(word["start"] * 1000)) for word in words]


def _distances(path: Path, words: list[tuple[str, int]], *, plain: bool) -> tuple[list[int], list[int]] | None:
    """Return how far (ms) each word's start is from the measured one: where someone speaks, and by length alone."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        prepared = prepare.prepare(path, folder, lambda share: None)
        spoken = speech.stretches(prepared.audio, folder, prepared.duration_ms)
    text = " ".join((UNSAID.sub("", word).lower() or "x") if plain else word for word, _ in words)
    found = []
    for heard in (spoken, []):
        timed = timing.timed([Segment(text)], prepared.duration_ms, heard)
        starts = [word.start_ms or 0 for segment in timed.segments for word in segment.words]
        if len(starts) != len(words):
            return None
        found.append([abs(start - at) for start, (_, at) in zip(starts, words, strict=True)])
    return found[0], found[1]


def _report(what: str, found: list[tuple[list[int], list[int]] | None]) -> None:
    told = [one for one in found if one]
    heard, alone = [ms for one, _ in told for ms in one], [ms for _, one in told for ms in one]
    report(
        "estimates",
        what=what,
        recordings=len(told),
        left_out=len(found) - len(told),
        words=len(heard),
        median_ms=statistics.median(heard),
        p90_ms=percentile(heard, 90),
        by_length_alone_median_ms=statistics.median(alone),
    )


if __name__ == "__main__":
    main()
