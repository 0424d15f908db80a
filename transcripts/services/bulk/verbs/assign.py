"""Asking one person to review the transcripts of recordings, or no one any more."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.models import User
from transcripts import access
from transcripts.models import Assignment
from transcripts.services.bulk.verbs.base import CHANGED, Change, number
from transcripts.services.errors import Refused
from transcripts.services.transcript.review import assignments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transcripts.models import Recording, Transcript

NO_TRANSCRIPT = "It has no transcript to review yet."
BAD_DATE = "Enter the date as year, month and day."


class Assign:
    """`assignee` is the id of a person, none to withdraw assignments, and `due_on` a date if there is one."""

    is_quiet = False
    leads_to_trash = False

    def check(self, actor: User, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Return the person with their name, and the date."""
        due_on = _date(str(parameters.get("due_on") or ""))
        if not parameters.get("assignee"):
            return {"assignee": None, "name": "", "due_on": None}
        colleagues = User.objects.filter(memberships__team__in=access.editable_team_ids_of(actor), is_active=True)
        assignee = colleagues.filter(pk=number(parameters, "assignee") or 0).first()
        if assignee is None:
            raise Refused("not_assignable", assignments.NOT_ASSIGNABLE)
        return {"assignee": assignee.pk, "name": str(assignee), "due_on": due_on.isoformat() if due_on else None}

    def do(self, recording: Recording, parameters: dict[str, Any], actor: User) -> Change:
        """Assign the newest transcript of a recording."""
        transcript = recording.transcripts.order_by("-created_at").first()
        if transcript is None:
            raise Refused("no_transcript", NO_TRANSCRIPT)
        before = _assigned(transcript)
        after = {"assignee": parameters["assignee"], "due_on": parameters["due_on"]}
        if before == after:
            return None
        _assign(transcript, after, actor)
        return before, {**after, "transcript": str(transcript.pk)}

    def undo(self, recording: Recording, before: dict[str, Any], after: dict[str, Any], actor: User) -> None:
        """Assign the transcript to whom it was assigned before."""
        transcript = recording.transcripts.filter(pk=after["transcript"]).first()
        done = {name: after[name] for name in ("assignee", "due_on")}
        if transcript is None or _assigned(transcript) != done:
            raise Refused("changed_since", CHANGED)
        _assign(transcript, before, actor)


def _assigned(transcript: Transcript) -> dict[str, Any]:
    found = Assignment.objects.filter(transcript=transcript).first()
    if found is None:
        return {"assignee": None, "due_on": None}
    return {"assignee": found.assignee_id, "due_on": found.due_on.isoformat() if found.due_on else None}


def _assign(transcript: Transcript, wanted: dict[str, Any], actor: User) -> None:
    if wanted["assignee"] is None:
        assignments.unassign(transcript, actor=actor)
    else:
        due_on = date.fromisoformat(wanted["due_on"]) if wanted["due_on"] else None
        assignments.assign(transcript, wanted["assignee"], due_on=due_on, actor=actor)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("bad_date", BAD_DATE) from None
