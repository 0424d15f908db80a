"""The log of a team: who opened, changed, shared, exported and deleted what."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from accounts.models import User
from transcripts.access import Level
from transcripts.formats.csv import defused
from transcripts.models import Activity
from transcripts.selectors.teams.frame import Frame, frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

PAGE_SIZE = 50
# A table of more lines is for a database; the newest are sent
MOST_LINES = 50_000
MACHINE, FORMER, GUEST = "Verbatim", "Former member", "Guest"
COLUMNS = ("When (UTC)", "Who", "What", "Recording or team")

# What is said of each verb, and the filter that finds it
WORDS: dict[str, tuple[str, str]] = {
    "recording:opened": ("opened", "opened"),
    "recording:uploaded": ("uploaded", "changed"),
    "recording:prepared": ("prepared", "processing"),
    "recording:sliced": ("divided into slices, for the provider’s limits:", "processing"),
    "recording:sent": ("sent for transcription:", "processing"),
    "recording:reused": ("used an earlier answer to the same audio for", "processing"),
    "recording:answered": ("received the transcript of", "processing"),
    "recording:tracks": ("chose the audio tracks of", "changed"),
    "recording:renamed": ("renamed", "changed"),
    "recording:moved": ("put into another folder:", "changed"),
    "recording:tagged": ("changed the tags of", "changed"),
    "recording:untagged": ("removed a tag from", "changed"),
    "recording:held": ("kept beyond the retention time", "deleted"),
    "recording:deleted": ("moved to the trash", "deleted"),
    "recording:expired": ("moved to the trash, because it is old enough", "deleted"),
    "recording:restored": ("restored from the trash", "deleted"),
    "recording:moved_in": ("moved here from another team", "changed"),
    "recording:moved_out": ("moved to another team", "deleted"),
    "recording:copied_in": ("copied here from another team", "changed"),
    "recording:copied_out": ("copied to another team", "shared"),
    "recording:purged": ("deleted permanently", "deleted"),
    "recording:file_missing": ("missed a file of", "processing"),
    "recording:file_found": ("found the missing file of", "processing"),
    "team:trash_emptied": ("emptied the trash of", "deleted"),
    "team:budget_changed": ("changed the budget of", "changed"),
    "transcript:made": ("transcribed", "processing"),
    "transcript:imported": ("imported a transcript of", "changed"),
    "transcript:merged": ("merged a new transcript of", "changed"),
    "transcript:edited": ("edited", "changed"),
    "transcript:draft": ("took back into draft", "changed"),
    "transcript:in_review": ("started the review of", "changed"),
    "transcript:approved": ("approved", "changed"),
    "transcript:reopened": ("reopened by an edit", "changed"),
    "transcript:assigned": ("assigned the review of", "changed"),
    "transcript:unassigned": ("withdrew the assignment of", "changed"),
    "transcript:claimed": ("claimed a stretch of", "changed"),
    "transcript:released": ("released a claimed stretch of", "changed"),
    "transcript:language_confirmed": ("confirmed the language of", "changed"),
    "transcript:exported": ("exported", "exported"),
    "transcript:certified": ("made a certificate of", "exported"),
    "version:named": ("named a version of", "changed"),
    "conflict:taken": ("decided a conflict in", "changed"),
    "comparison:started": ("asked another provider for its text of", "changed"),
    "comparison:made": ("received another provider’s text of", "processing"),
    "comparison:used": ("used another provider’s text as the transcript of", "changed"),
    "job:started": ("started the transcription of", "changed"),
    "job:succeeded": ("finished the transcription of", "processing"),
    "job:failed": ("failed to transcribe", "processing"),
    "job:stopped": ("stopped, as an operator, the transcription of", "changed"),
    "job:moved": ("moved to another provider:", "processing"),
    "job:left": ("left as it is, as an operator,", "changed"),
    "job:put_first": ("put first in the queue:", "processing"),
    "job:cancelled": ("stopped the transcription of", "changed"),
    "live:started": ("started the live session", "changed"),
    "live:stopped": ("stopped the live session", "changed"),
    "live:finished": ("saved the live session", "changed"),
    "share:made": ("made a link to", "shared"),
    "share:changed": ("changed a link to", "shared"),
    "share:password_set": ("changed the password of a link to", "shared"),
    "share:granted": ("shared", "shared"),
    "share:grant_changed": ("changed what others can do with", "shared"),
    "share:grant_revoked": ("stopped sharing", "shared"),
    "share:revoked": ("revoked a link to", "shared"),
    "comment:added": ("commented on", "changed"),
    "comment:removed": ("deleted a comment on", "changed"),
    "comment:resolved": ("resolved a comment on", "changed"),
    "template:replaced": ("uploaded a document template to", "team"),
    "template:removed": ("removed the document template of", "team"),
    "folder:created": ("created the folder", "team"),
    "folder:renamed": ("renamed the folder", "team"),
    "folder:deleted": ("deleted the folder", "team"),
    "tag:renamed": ("renamed a tag of", "team"),
    "tag:deleted": ("deleted a tag of", "team"),
    "team:created": ("created the team", "team"),
    "team:renamed": ("renamed the team", "team"),
    "team:joined": ("joined the team", "team"),
    "team:member_left": ("left the team", "team"),
    "team:member_removed": ("removed a member of the team", "team"),
    "team:role_changed": ("changed a role in the team", "team"),
    "team:invited": ("invited people to the team", "team"),
    "team:invited_again": ("sent an invitation to the team again", "team"),
    "team:link_created": ("made an invitation link to the team", "team"),
    "team:invitation_renewed": ("renewed an invitation to the team", "team"),
    "team:invitation_revoked": ("revoked an invitation to the team", "team"),
    "team:audio_kept": ("decided that audio stays on this instance, for the team", "team"),
    "team:audio_released": ("decided that audio may be sent outside, for the team", "team"),
    "team:routes_changed": ("changed the providers of the team", "team"),
    "team:defaults_changed": ("changed the defaults of the team", "team"),
}
KINDS = {
    "opened": "Opened", "changed": "Changed", "shared": "Shared", "exported": "Exported", "deleted": "Deleted",
    "team": "Team",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the log: a person by id, a kind of KINDS, and the number before which a page begins.

    Without a kind it is what people did, with `all` also what the machine did.
    """

    person: int | None = None
    kind: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    activity: Activity
    who: str
    what: str

    @property
    def is_reachable(self) -> bool:
        """Whether its recording can still be opened."""
        recording = self.activity.recording
        return recording is not None and recording.deleted_at is None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the log. `older` is the number before which the next one begins, None on the last."""

    frame: Frame
    filters: Filters
    entries: list[Entry]
    people: list[User]
    older: int | None = None
    kinds: dict[str, str] = field(default_factory=lambda: KINDS)


def page_of(user: User, slug: str, filters: Filters) -> Page:
    """Return a page of the log of a team that the person manages. Raises access.NotFound and access.NotAllowed."""
    frame = frame_of(user, slug, need=Level.MANAGE)
    found = list(_found(frame, filters)[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    people = User.objects.filter(pk__in=Activity.objects.filter(team=frame.team).values("actor")).order_by("name")
    older = shown[-1].pk if len(found) > PAGE_SIZE else None
    return Page(frame, filters, list(_entries(shown)), list(people), older)


def table_of(user: User, slug: str, filters: Filters) -> bytes:
    """Return the log as a CSV file, the newest lines first. Raises access.NotFound and access.NotAllowed."""
    frame = frame_of(user, slug, need=Level.MANAGE)
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for entry in _entries(_found(frame, filters)[:MOST_LINES].iterator(1_000)):
        when = entry.activity.created_at.astimezone(UTC)
        cells = (f"{when:%Y-%m-%d %H:%M:%S}", entry.who, entry.what, entry.activity.subject)
        writer.writerow([defused(cell) for cell in cells])
    return written.getvalue().encode("utf-8-sig")


def _found(frame: Frame, filters: Filters) -> QuerySet[Activity]:
    found = Activity.objects.filter(team=frame.team).select_related("actor", "recording").order_by("-pk")
    if filters.person is not None:
        found = found.filter(actor=filters.person)
    if not filters.kind:
        found = found.filter(is_automatic=False)
    if filters.kind in KINDS:
        found = found.filter(verb__in=[verb for verb, (_, kind) in WORDS.items() if kind == filters.kind])
    if filters.before is not None:
        found = found.filter(pk__lt=filters.before)
    return found


def _entries(activities: Iterable[Activity]) -> Iterable[Entry]:
    for one in activities:
        what, _ = WORDS.get(one.verb, (one.verb.replace(":", " ").replace("_", " "), ""))
        yield Entry(one, _who(one), what)


def _who(activity: Activity) -> str:
    if activity.guest_name or activity.guest_id:
        return f"{activity.guest_name or GUEST} (guest)"
    if activity.actor is not None:
        return str(activity.actor)
    return MACHINE if activity.is_automatic else FORMER
