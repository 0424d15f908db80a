"""What the segments of a transcript said after a change: texts alone, without the words and their times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import BooleanField, ExpressionWrapper, Q

from transcripts.models import EditedSegment, Segment

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from uuid import UUID

# More segments than these are not asked for by their keys.
FEW = 500
IS_NEW = ExpressionWrapper(Q(before__isnull=True), output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class State:
    """A segment after a change; the start is the present one."""

    text: str
    speaker: str
    start_ms: int | None
    is_removed: bool


def now(transcript_id: UUID, keys: AbstractSet[str]) -> dict[str, State]:
    """Return segments as they are."""
    rows = Segment.with_removed.filter(transcript=transcript_id)
    if len(keys) <= FEW:
        rows = rows.filter(key__in=keys)
    found = rows.values_list("key", "text", "speaker__key", "start_ms", "is_removed")
    return {
        key: State(text, speaker or "", start_ms, is_removed)
        for key, text, speaker, start_ms, is_removed in found
        if key in keys
    }


def taken_back(transcript_id: UUID, number: int, states: dict[str, State], *, until: int) -> dict[str, State]:
    """Return what segments were after the change `number`, given what they were after the change `until`."""
    later = EditedSegment.objects.filter(
        edit__transcript=transcript_id, edit__number__gt=number, edit__number__lte=until
    )
    if len(states) <= FEW:
        later = later.filter(segment__key__in=states)
    found = dict(states)
    fields = later.order_by("-edit__number").values_list(
        "segment__key", IS_NEW, "before__text", "before__speaker", "before__is_removed"
    )
    for key, is_new, text, speaker, is_removed in fields.iterator(1000):
        if key in found:
            found[key] = _before(found[key], text, speaker, is_removed=True if is_new else is_removed)
    return found


def _before(state: State, text: str | None, speaker: str | None, *, is_removed: bool | None) -> State:
    return replace(
        state,
        text=state.text if text is None else text,
        speaker=state.speaker if speaker is None else speaker,
        is_removed=state.is_removed if is_removed is None else is_removed,
    )
