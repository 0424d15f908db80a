"""Two states of a transcript compared: the segments that differ, with a few that don't around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transcripts import access
from transcripts.document.comparison import Block, Paragraph, compare
from transcripts.models import Edit, EditedSegment, Segment, Speaker
from transcripts.models.choices import Origin
from transcripts.selectors.history import states

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import Transcript
    from transcripts.selectors.history.states import State

# Blocks that one comparison shows.
MOST = 400
# Names in its title.
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between the state after the change `since`, None for the machine's text, and that after `until`.

    `stretches` are blocks that follow each other in the text. `renamed` are speakers by their names in both states,
    `labels` their newer names by key. `left_out` counts blocks that are too many to be shown.
    """

    transcript: Transcript
    since: int | None
    until: int
    may_edit: bool
    names: list[str] = field(default_factory=list)
    stretches: list[list[Block]] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    labels: Mapping[str, str] = field(default_factory=dict)
    changes: int = 0
    left_out: int = 0

    @property
    def is_now(self) -> bool:
        """Whether the newer state is the present one."""
        return self.until == self.transcript.changes


def comparison(user: User, transcript_id: UUID, *, since: int | None, until: int | None = None) -> Comparison:
    """Compare two states of a transcript word by word; without `until` with the present one. Raises access.NotFound."""
    transcript = access.get_transcript(user, transcript_id)
    until = transcript.changes if until is None else min(until, transcript.changes)
    differing = _rewritten(transcript) if since is None else _edited(transcript, since, until)
    stretches = _stretches(transcript, differing)
    keys = {key for stretch in stretches for key in stretch}
    present = states.taken_back(transcript.pk, until, states.now(transcript.pk, keys), until=transcript.changes)
    labels, old_labels = _labels(transcript, until), _labels(transcript, until if since is None else since)
    older = None if since is None else states.taken_back(transcript.pk, since, present, until=until)
    old = dict(_machines(transcript, keys)) if older is None else _paragraphs(older)
    now = _paragraphs(present)
    compared = [compare(_present(old, stretch), _present(now, stretch)) for stretch in stretches]
    shown, left_out = _bounded([blocks for blocks in compared if any(block.changes for block in blocks)])
    renamed = [(before, labels[key]) for key, before in old_labels.items() if labels.get(key, before) != before]
    return Comparison(
        transcript=transcript,
        since=since,
        until=until,
        may_edit=access.allows(user, transcript.recording, access.Level.EDIT),
        names=[] if since is None else _names(transcript, since, until),
        stretches=shown,
        renamed=renamed,
        labels=labels,
        changes=sum(block.changes for blocks in compared for block in blocks) + len(renamed),
        left_out=left_out,
    )


def _edited(transcript: Transcript, since: int, until: int) -> set[str]:
    found = EditedSegment.objects.filter(
        edit__transcript=transcript, edit__number__gt=since, edit__number__lte=until
    ).order_by()
    return set(found.values_list("segment__key", flat=True).distinct())


def _rewritten(transcript: Transcript) -> set[str]:
    """Return the keys of what people changed."""
    found = Segment.with_removed.filter(transcript=transcript, origin=Origin.HUMAN)
    return set(found.values_list("key", flat=True))


def _stretches(transcript: Transcript, differing: AbstractSet[str]) -> list[list[str]]:
    """Return the keys of what differs and of the segment before and behind it, in stretches that have no gap."""
    order = Segment.with_removed.filter(transcript=transcript).order_by("position").values_list("key", "is_removed")
    stretches: list[list[str]] = [[]]
    held: str | None = None
    follows = False
    for key, is_removed in order:
        if key in differing:
            stretches[-1] += [key] if held is None else [held, key]
            held, follows = None, True
        elif not is_removed:
            if follows:
                stretches[-1].append(key)
                follows, held = False, None
                continue
            # A second one in a row that is the same ends the stretch
            if held is not None and stretches[-1]:
                stretches.append([])
            held = key
    return [stretch for stretch in stretches if stretch]


def _paragraphs(found: Mapping[str, State]) -> dict[str, Paragraph]:
    """Return what is in the text."""
    return {
        key: Paragraph(key, state.text, state.speaker, state.start_ms)
        for key, state in found.items()
        if not state.is_removed
    }


def _labels(transcript: Transcript, number: int) -> dict[str, str]:
    """Return how speakers were called after a change, those that it knew."""
    labels = dict(Speaker.objects.filter(transcript=transcript).values_list("key", "label"))
    later = Edit.objects.filter(transcript=transcript, number__gt=number).exclude(speakers={}).order_by("-number")
    for speakers in later.values_list("speakers", flat=True):
        for key, (before, _) in speakers.items():
            if before is None:
                labels.pop(key, None)
            else:
                labels[key] = before
    return labels


def _machines(transcript: Transcript, keys: AbstractSet[str]) -> Iterator[tuple[str, Paragraph]]:
    """Yield what the machine transcribed, under whom it is now."""
    for row in Segment.with_removed.filter(transcript=transcript, key__in=keys).select_related("speaker"):
        speaker = row.speaker.key if row.speaker else ""
        if row.machine:
            yield row.key, Paragraph(row.key, row.machine["text"], speaker, row.start_ms)
        elif row.origin == Origin.MACHINE:
            yield row.key, Paragraph(row.key, row.text, speaker, row.start_ms)


def _present(paragraphs: Mapping[str, Paragraph], keys: Iterable[str]) -> list[Paragraph]:
    return [paragraphs[key] for key in keys if key in paragraphs]


def _bounded(stretches: Sequence[list[Block]]) -> tuple[list[list[Block]], int]:
    """Return as many blocks as are shown, and how many are not."""
    shown: list[list[Block]] = []
    room = MOST
    for blocks in stretches:
        if room <= 0:
            break
        shown.append(blocks[:room])
        room -= len(blocks)
    return shown, sum(map(len, stretches)) - sum(map(len, shown))


def _names(transcript: Transcript, since: int, until: int) -> list[str]:
    """Return who made the changes; empty if they are too many to name."""
    found = Edit.objects.filter(transcript=transcript, number__gt=since, number__lte=until).order_by()
    authors = found.values("author", "guest_name").distinct()[: MOST_NAMES + 1]
    if len(authors) > MOST_NAMES:
        return []
    edits = [found.filter(**one).select_related("author")[0] for one in authors]
    return [edit.author_name for edit in edits if edit.author_name]
