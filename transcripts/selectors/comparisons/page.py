"""The page that shows a transcript and another provider's text of the same recording, word by word."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from transcripts import access
from transcripts.models import Transcript
from transcripts.models.choices import TranscriptStatus
from transcripts.selectors.transcript import read
from transcripts.services.accuracy import counting, measuring
from transcripts.services.pipeline.comparisons import taking, texts
from transcripts.services.transcript.successors import newer_than

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from accounts.models import User
    from transcripts.document.sides.differences import Difference
    from transcripts.document.sides.words import Said
    from transcripts.models import Comparison, Segment, Speaker
    from transcripts.selectors.transcript import Reading


class Piece(NamedTuple):
    """A run of words that both texts have, or a place where they differ.

    `times` says when each word of a run is spoken: its offset in UTF-16 units, and ms.
    """

    text: str = ""
    times: str = ""
    differs: Difference | None = None


class Line(NamedTuple):
    """A segment of the transcript, in pieces."""

    key: str
    speaker: Speaker | None
    start_ms: int | None
    pieces: list[Piece]


class Rate(NamedTuple):
    """The word error rate of a text, whose it is, and what it counts."""

    name: str
    counts: counting.Counts

    @property
    def percent(self) -> float:
        """What people replaced, added or left out, in percents of the approved words."""
        wrong = self.counts.substitutions + self.counts.deletions + self.counts.insertions
        return 100 * wrong / max(1, self.counts.words)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """`rates` are those of both machines' texts, if a text of the recording is approved. `seq` numbers its state.

    `words` is how many words differ. `used` is the transcript that was made of the other text, if one was.
    """

    reading: Reading
    comparison: Comparison
    mine: str
    theirs: str
    lines: list[Line]
    words: int
    places: int
    seq: int
    newer: Transcript | None = None
    used: Transcript | None = None
    rates: list[Rate] = field(default_factory=list)

    @property
    def may_take(self) -> bool:
        """Whether the person can take words over: the text is theirs to edit, and the newest."""
        return self.reading.may_edit and self.newer is None

    @property
    def may_use(self) -> bool:
        """Whether the person can make the other text the transcript."""
        return self.reading.may_decide and self.newer is None and self.used is None

    @property
    def is_approved(self) -> bool:
        """Whether the transcript is approved."""
        return self.reading.transcript.status == TranscriptStatus.APPROVED


def side_by_side(user: User, transcript_id: UUID, comparison_id: UUID) -> SideBySide:
    """Return both texts with their differences. Raises access.NotFound."""
    reading = read(user, transcript_id)
    transcript = reading.transcript
    comparison = access.comparison_in(transcript.recording_id, comparison_id)
    now = taking.compared(transcript, comparison)
    mine, theirs = _name(transcript), _name(comparison)
    return SideBySide(
        reading=reading,
        comparison=comparison,
        mine=mine,
        theirs=theirs,
        lines=_lines(now.segments, now.sides.mine, now.sides.differences),
        words=now.sides.words,
        places=len(now.sides.differences),
        seq=now.seq,
        newer=newer_than(transcript),
        used=Transcript.objects.filter(job=comparison.job_id).first(),
        rates=_rates(transcript, comparison, mine, theirs),
    )


def _name(text: Transcript | Comparison) -> str:
    """Name the provider of a text, and its model."""
    provider = "Imported text" if text.provider == "import" else text.provider
    return f"{provider} ({text.engine})" if text.engine and text.engine != provider else provider


def _lines(segments: Sequence[Segment], words: Sequence[Said], differences: Sequence[Difference]) -> list[Line]:
    said = {number: list(run) for number, run in itertools.groupby(words, key=lambda word: word.segment)}
    differing = {number: list(run) for number, run in itertools.groupby(differences, key=lambda one: one.segment)}
    return [
        Line(row.key, row.speaker, row.start_ms, list(_pieces(row.text, said.get(at, []), differing.get(at, []))))
        for at, row in enumerate(segments)
    ]


def _pieces(text: str, words: Sequence[Said], differences: Sequence[Difference]) -> Iterator[Piece]:
    """Yield the runs of a segment and the differences between them."""
    at = 0
    for one in differences:
        if at < one.begin:
            yield _run(text, at, one.begin, words)
        yield Piece(differs=one)
        at = one.end
    if at < len(text):
        yield _run(text, at, len(text), words)


def _run(text: str, begin: int, end: int, words: Sequence[Said]) -> Piece:
    within = [word for word in words if begin <= word.begin < end]
    times = (f"{_units(text[begin : word.begin])}:{word.start_ms}" for word in within)
    return Piece(text[begin:end], " ".join(times))


def _units(text: str) -> int:
    """Count a text as browsers do."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _rates(transcript: Transcript, comparison: Comparison, mine: str, theirs: str) -> list[Rate]:
    """Count the words that each machine had wrong, if there is an approved text of the recording."""
    approved = _approved(transcript)
    if approved is None:
        return []
    meant = measuring.approved_text(approved.pk)
    machines = [(theirs, [one.text for one in texts.spoken(comparison)])]
    if not hasattr(transcript, "imported_file"):
        machines.insert(0, (mine, measuring.machine_text(transcript.pk)))
    return [Rate(name, counting.compare(said, meant).whole) for name, said in machines]


def _approved(transcript: Transcript) -> Transcript | None:
    if transcript.status == TranscriptStatus.APPROVED:
        return transcript
    found = Transcript.objects.filter(recording=transcript.recording_id, status=TranscriptStatus.APPROVED)
    return found.order_by("-created_at").first()
