"""Edits by people: batches of operations, applied in their order, each told to every page that shows the transcript.

What a batch does is worked out before the transcript's number is locked, and again if another edit came between. A
batch that is sent again is answered again and not applied again.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

from transcripts.document.editing import operations
from transcripts.models import Conflict, Edit, Segment, Transcript
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes, edit_writer, rows
from transcripts.services.transcript.edit_plan import plan
from transcripts.services.transcript.review import state
from transcripts.services.transcript.stored_rows import NoRoom
from transcripts.services.transcript.successors import newer_than

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.access import Actor
    from transcripts.models.choices import EditDirection

NOT_NEWEST = "There is a newer transcript of this recording. Copy your text, open that one, and edit it there."
NUMBER_USED = "This change can’t be saved under its number. Copy your text, reload the page and make it again."
# What a page calls itself.
CLIENT = re.compile(r"[0-9a-f]{1,16}")
# So often a batch is worked out without the lock; an editor busier than that has it worked out under the lock.
ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Batch:
    """What a page sends at once: its `number`th batch, made on the transcript as it was after the change `seq`."""

    client: str
    number: int
    seq: int
    operations: Sequence[Mapping[str, Any]]
    direction: EditDirection | None = None


def apply(transcript: Transcript, batch: Batch, *, actor: Actor) -> dict[str, Any]:
    """Apply a batch; return the message that every page gets. Raises Refused for what can't be applied."""
    try:
        asked = operations.parse(list(batch.operations))
    except operations.BadOperation as error:
        raise Refused("bad_edit", str(error)) from error
    for attempt in range(ATTEMPTS + 1):
        if known := _earlier(transcript, batch):
            _require_same(known, asked)
            return _answer(known)
        try:
            answer = _attempt(transcript, batch, asked, actor, is_locked=attempt == ATTEMPTS)
        except NoRoom:
            _make_room(transcript)
            continue
        if answer is not None:
            return answer
    raise Refused("busy", "Too many people are editing here at this moment. Your change is kept; it is sent again.")


def _attempt(
    transcript: Transcript, batch: Batch, asked: Sequence[operations.Operation], actor: Actor, *, is_locked: bool
) -> dict[str, Any] | None:
    """Work a batch out and write it; return what every page gets. None if another edit came between."""
    ready = None
    work_out = partial(plan, transcript.pk, asked, seq=batch.seq, client=batch.client, direction=batch.direction)
    number = Transcript.objects.values_list("changes", flat=True).get(pk=transcript.pk) + 1
    if not is_locked:
        ready = work_out(number=number)
    with transaction.atomic():
        change = changes.number_for(transcript.pk)
        if newer_than(transcript) is not None:
            raise Refused("not_newest", NOT_NEWEST)
        if (ready and change != number) or _earlier(transcript, batch):
            transaction.set_rollback(True)
            return None
        ready = ready or work_out(number=change)
        edit = edit_writer.write(transcript.pk, change, ready, _source(batch, asked, actor))
        _settle_undone(edit)
        activities.record_once("transcript:edited", transcript.recording, actor=actor)
        content = _content(edit)
        changes.publish(transcript.pk, "edit", change, **content)
    return {"type": "edit", "change": change, **content}


def _source(batch: Batch, asked: Sequence[operations.Operation], actor: Actor) -> edit_writer.Source:
    return edit_writer.Source(
        actor,
        [operations.described(one) for one in asked],
        direction=batch.direction,
        client=batch.client,
        client_number=batch.number,
    )


@transaction.atomic
def _make_room(transcript: Transcript) -> None:
    changes.number_for(transcript.pk)
    rows.spread(transcript.pk)


def _earlier(transcript: Transcript, batch: Batch) -> Edit | None:
    """Return the edit that this batch made when it came before."""
    if not batch.client:
        return None
    return Edit.objects.filter(transcript=transcript, client=batch.client, client_number=batch.number).first()


def _require_same(known: Edit, asked: Sequence[operations.Operation]) -> None:
    """Raise Refused if a page used the number of a batch for another one: its change must not seem saved."""
    if known.operations != _as_stored(asked):
        raise Refused("number_used", NUMBER_USED)


def _as_stored(asked: Sequence[operations.Operation]) -> Any:
    return json.loads(json.dumps([operations.described(one) for one in asked]))


def _settle_undone(edit: Edit) -> None:
    """Close the conflicts of an edit that is taken back: the words it overwrote are in the text again."""
    if edit.undoes:
        undone = Conflict.objects.filter(
            edit__transcript=edit.transcript_id, edit__number=edit.undoes, resolved_at=None
        )
        undone.update(resolved_at=edit.created_at, took_offer=True, **_author(edit))


def _author(edit: Edit) -> dict[str, Any]:
    return {"author_id": edit.author_id, "guest_id": edit.guest_id, "guest_name": edit.guest_name}


def _answer(edit: Edit) -> dict[str, Any]:
    return {"type": "edit", "change": edit.number, **_content(edit)}


def _content(edit: Edit) -> dict[str, Any]:
    """Return what an edit changed, as it is now."""
    touched = Segment.with_removed.filter(transcript=edit.transcript_id)
    touched = touched.filter(change=edit.number) if edit.shift_ms else touched.filter(edits__edit=edit)
    rows_ = list(touched.select_related("speaker").order_by("position"))
    conflicts = Conflict.objects.filter(segment__in=[row.pk for row in rows_])
    return {
        "client": edit.client,
        "n": edit.client_number,
        "author": edit.author_name,
        "rows": changes.described_rows(rows_),
        "speakers": changes.described_speakers(edit.transcript_id, edit.speakers),
        "conflicts": [changes.described_conflict(one) for one in conflicts.select_related("segment", "edit__author")],
        "review": state.described(edit.transcript_id),
    }
