"""How far estimated and aligned times of words are from those that the recogniser of this machine measures.

    python -m bench.recogniser.estimates

Over the corpus; each text is what Whisper base recognised, without its times; once more without punctuation and
capitals, as many recognisers answer. A text whose words are divided otherwise than the recogniser does is left out, and
counted. Aligned times are found with the estimated ones as expectation.
"""

from __future__ import annotations

import re
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.recogniser.accuracy import recordings
from bench.recogniser.recognition import transcribe
from bench.report import percentile, report
from speechserver import models
from speechserver.audio import read_samples
from speechserver.recogniser.alignment import Alignment, Expected
from speechserver.recogniser.whisper import Whisper
from transcripts.document import timing
from transcripts.document.untimed import aligned
from transcripts.document.values import Segment
from transcripts.media import prepare, speech

if TYPE_CHECKING:
    from collections.abc import Sequence

UNSAID = re.compile(r"[^\w-]")


class Distances(NamedTuple):
    """How far (ms) each word's start is from the measured one: where someone speaks, by length alone, and aligned."""

    spoken: list[int]
    by_length: list[int]
    aligned: list[int]
    not_found: int


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        found = models.find("base", Path(folder))
        models.verify(found, Path(folder))
        whisper = Whisper(found.path)
        measured = [(one.path, transcribe(whisper, one.path)) for one in recordings()]
        for what, plain in (("as recognised", False), ("without punctuation", True)):
            _report(what, [_distances(whisper, path, answer, plain=plain) for path, answer in measured])


def _words(answer: dict[str, Any]) -> list[tuple[str, int]]:
    words = [word for segment in answer["segments"] for word in segment.get("words", ())]
    return [(word["word"].strip(), round(word["start"] * 1000)) for word in words]


def _distances(whisper: Whisper, path: Path, answer: dict[str, Any], *, plain: bool) -> Distances | None:
    """Compare all times; None if the words are divided otherwise, or there are none."""
    words = _words(answer)
    with TemporaryDirectory() as name:
        folder = Path(name)
        prepared = prepare.prepare(path, folder, lambda share: None)
        spoken = speech.stretches(prepared.audio, folder, prepared.duration_ms)
    text = " ".join((UNSAID.sub("", word).lower() or "x") if plain else word for word, _ in words)
    segments, by_length = (timing.timed([Segment(text)], prepared.duration_ms, one).segments for one in (spoken, []))
    if not words or sum(len(segment.words) for segment in segments) != len(words):
        return None
    times = _times(whisper, path, answer["language"], segments)
    found = aligned.with_times(segments, times, prepared.duration_ms, spoken)
    return Distances(_from(words, segments), _from(words, by_length), _from(words, found), times.count(None))


def _times(whisper: Whisper, path: Path, language: str, segments: Sequence[Segment]) -> list[tuple[int, int] | None]:
    alignment = Alignment(whisper, language, [Expected(*word) for word in aligned.expected(segments)])
    for samples, _ in read_samples(path):
        alignment.feed(samples)
    times = alignment.finish()["times"]
    return [one and (round(one[0] * 1000), round(one[1] * 1000)) for one in times]


def _from(words: Sequence[tuple[str, int]], segments: Sequence[Segment]) -> list[int]:
    starts = [word.start_ms or 0 for segment in segments for word in segment.words]
    return [abs(start - at) for start, (_, at) in zip(starts, words, strict=True)]


def _report(what: str, found: list[Distances | None]) -> None:
    told = [one for one in found if one]
    spoken, by_length = [ms for one in told for ms in one.spoken], [ms for one in told for ms in one.by_length]
    by_attention = [ms for one in told for ms in one.aligned]
    report(
        "estimates",
        what=what,
        recordings=len(told),
        left_out=len(found) - len(told),
        words=len(spoken),
        median_ms=statistics.median(spoken),
        p90_ms=percentile(spoken, 90),
        by_length_alone_median_ms=statistics.median(by_length),
        aligned_median_ms=statistics.median(by_attention),
        aligned_p90_ms=percentile(by_attention, 90),
        not_found=sum(one.not_found for one in told),
    )


if __name__ == "__main__":
    main()
