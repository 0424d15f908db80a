"""Who speaks when, on the recordings whose turns or number of speakers are known.

Diarisation error rate of pyannote.metrics, overlaps counted and no collar, with the number of speakers unknown, with it
given, and of one speaker for all; how many speakers are found, also in synthetic conversations; the
speed of embedding, in processor time of one thread.
"""

from __future__ import annotations

import csv
import re
import sys
import time
import warnings
from typing import TYPE_CHECKING

from pyannote.core import Annotation, Segment, Timeline  # type: ignore[import-untyped, unused-ignore]
from pyannote.metrics.diarization import DiarizationErrorRate

from bench.recogniser.conversations import conversations
from bench.report import report
from speechserver.audio import RATE_HZ
from speechserver.speakers import Turn, Voices
from tests.support.corpus import corpus
from tests.support.speech_server.speakers import listen, samples_of, speech_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONVERSATIONS = 6
# The manifest doesn't state how many talk; the words are a conversation of two.
STATED_ELSEWHERE = {"en_phone_watson3.wav": 2}


def main() -> None:
    """Measure each recording and print it, then the sums."""
    taken_s = seconds = 0.0
    counts: dict[str, list[int]] = {}
    for path, speakers in recordings():
        samples = samples_of(path)
        spans = speech_in(samples)
        began = time.process_time()
        voices = listen(samples, spans)
        taken_s, seconds = taken_s + time.process_time() - began, seconds + len(samples) / RATE_HZ
        found = _count(voices.turns())
        if speakers:
            counts.setdefault(str(speakers), []).append(found)
        sys.stdout.write(f"{path.name:32} speakers {speakers or '?':>2}, found {found}{_errors(path, voices, spans)}\n")
        sys.stdout.flush()
    right = {known: f"{found.count(int(known))} of {len(found)}" for known, found in sorted(counts.items())}
    report("speakers", recordings_counted_right_by_number=right, embedding_x_real_time=round(seconds / taken_s))
    _count_conversations()


def _count_conversations() -> None:
    found: dict[tuple[str, int], list[int]] = {}
    for condition, people, samples in conversations(CONVERSATIONS):
        found.setdefault((condition, people), []).append(_count(listen(samples, speech_in(samples)).turns()))
    for (condition, people), counts in found.items():
        report("speakers", conversations=condition, of=people, come_out_as=str(sorted(counts)))


def recordings() -> Iterator[tuple[Path, int | None]]:
    """Yield every recording of the corpus with its number of speakers, or None if it is not known."""
    folder = corpus()
    with (folder / "manifest.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            path = folder / row["file"]
            stated = re.match(r"(\d+)(?!\d*\+)", row["speakers"])
            yield path, STATED_ELSEWHERE.get(path.name, int(stated[1]) if stated else None)


def _errors(path: Path, voices: Voices, spans: list[tuple[float, float]]) -> str:
    reference = _reference(path)
    if not reference:
        return ""
    alone = [Turn(start, end, 1) for start, end in spans]
    known = len(reference.labels())
    rates = {
        "unknown": _error_rate(reference, voices.turns() or alone),
        f"{known} given": _error_rate(reference, voices.turns(known) or alone),
        "one": _error_rate(reference, alone),
    }
    report("speakers", recording=path.name, **{f"error_{name.replace(' ', '_')}": rate for name, rate in rates.items()})
    return ", error " + ", ".join(f"{name} {rate:.3f}" for name, rate in rates.items())


def _error_rate(reference: Annotation, turns: list[Turn]) -> float:
    found = Annotation()
    for number, turn in enumerate(turns):
        found[Segment(turn.start_s, turn.end_s), number] = str(turn.speaker)
    end_s = max(reference.get_timeline().extent().end, *(turn.end_s for turn in turns))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own
        return round(float(DiarizationErrorRate()(reference, found, uem=Timeline([Segment(0, end_s)]))), 3)


def _reference(path: Path) -> Annotation | None:
    """Return the known turns of a recording: from its .turns.tsv if that has times, or its .rttm."""
    found = Annotation(uri=path.stem)
    for number, (start, end, speaker) in enumerate(_known_turns(path)):
        found[Segment(start, end), number] = speaker
    return found or None


def _known_turns(path: Path) -> Iterator[tuple[float, float, str]]:
    tsv, rttm = path.with_suffix(".turns.tsv"), path.with_suffix(".rttm")
    if tsv.exists():
        with tsv.open(encoding="utf-8") as lines:
            rows = csv.DictReader(lines, delimiter="\t")
            yield from ((float(row["start"]), float(row["end"]), row["speaker"]) for row in rows if row["start"])
    if rttm.exists():
        for line in rttm.read_text().splitlines():
            fields = line.split()
            yield float(fields[3]), float(fields[3]) + float(fields[4]), fields[7]


def _count(turns: list[Turn]) -> int:
    return len({turn.speaker for turn in turns}) or 1


if __name__ == "__main__":
    main()
