"""Segments completed by a full text that may hold more than they do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from transcripts.document import scripts
from transcripts.document.segmentation.full_text import Part, spelled
from transcripts.document.segmentation.order import steady
from transcripts.document.segmentation.pieces import text_of
from transcripts.document.values import Segment, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(slots=True)
class _Run:
    """Words of one segment, or such as only the full text holds between two (`owner` is None)."""

    owner: int | None
    parts: list[Part] = field(default_factory=list)


def completed(segments: Sequence[Segment], text: str) -> list[Segment]:
    """Return the segments with what only the full text holds in its place, between two as a segment of its own."""
    said = [segment.words or tuple(map(Word, scripts.words_in(segment.text))) for segment in segments]
    owners = [number for number, words in enumerate(said) for _ in words]
    parts = spelled(text, [word for words in said for word in words]) if text else []
    if all(part.number is not None and not part.is_respelled for part in parts):
        return list(segments)
    runs = _runs(parts, owners)
    made: list[Segment] = []
    for number, run in enumerate(runs):
        if run.owner is None:
            near = runs[max(0, number - 1) : number + 2]
            beside = [segments[other.owner] for other in near if other.owner is not None]
            speaker, language = (_only({getattr(one, name) for one in beside}) for name in ("speaker", "language"))
            made.append(Segment(_text(run), speaker=speaker, language=language))
        else:
            made.append(_rebuilt(segments[run.owner], run))
    return _with_wordless(segments, said, runs, made)


def _only(found: set[str | None]) -> str | None:
    """What all neighbours have in common."""
    return found.pop() if len(found) == 1 else None


def _runs(parts: Sequence[Part], owners: Sequence[int]) -> list[_Run]:
    """Cut the words where their segment changes."""
    runs: list[_Run] = []
    for part, following in zip(parts, _following(parts, owners), strict=True):
        owner = None if part.number is None else owners[part.number]
        if owner is None and runs and runs[-1].owner == following:
            owner = following  # within a segment it is a part of it
        if not runs or runs[-1].owner != owner:
            runs.append(_Run(owner))
        runs[-1].parts.append(part)
    return runs


def _following(parts: Sequence[Part], owners: Sequence[int]) -> list[int | None]:
    """The segment of each word, or of the next one that has one."""
    found: list[int | None] = []
    owner: int | None = None
    for part in reversed(parts):
        owner = owner if part.number is None else owners[part.number]
        found.append(owner)
    return found[::-1]


def _text(run: _Run) -> str:
    return text_of([part.piece for part in run.parts])


def _rebuilt(segment: Segment, run: _Run) -> Segment:
    if all(part.number is not None and not part.is_respelled for part in run.parts):
        return segment
    words = tuple(steady([part.piece.word for part in run.parts])) if segment.words else ()
    return replace(segment, text=_text(run), words=words)


def _with_wordless(
    segments: Sequence[Segment], said: Sequence[Sequence[Word]], runs: Sequence[_Run], made: Sequence[Segment]
) -> list[Segment]:
    """Put back what holds no word (punctuation, music) behind the segment that it followed."""
    behind: dict[int | None, list[Segment]] = {}
    last: int | None = None
    for number, segment in enumerate(segments):
        if said[number]:
            last = number
        else:
            behind.setdefault(last, []).append(segment)
    found = behind.get(None, [])
    return [*found, *_woven(runs, made, behind)]


def _woven(runs: Sequence[_Run], made: Sequence[Segment], behind: dict[int | None, list[Segment]]) -> Iterator[Segment]:
    for run, segment in zip(runs, made, strict=True):
        yield segment
        if run.owner is not None:
            yield from behind.get(run.owner, [])
