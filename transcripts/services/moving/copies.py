"""Copying a recording to another team: its files and its newest text, and nothing of what the team said about it.

The files of both are the same bytes on disk. The copy is in the trash until it is complete, so one that was cut off is
purged with all that it has, like any other recording there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import access, clock, events
from transcripts.access import Level
from transcripts.document import Segment as SpokenSegment
from transcripts.models import MediaFile, Recording, Segment, Speaker, Transcript
from transcripts.models.choices import Origin
from transcripts.services import activities, quotas, storage, summaries
from transcripts.services.errors import Refused
from transcripts.services.moving import rules
from transcripts.services.transcript import rows

if TYPE_CHECKING:
    from collections.abc import Hashable

    from accounts.models import Team, User

NO_TEXT = "There is no transcript to copy yet. Copy the recording once it is transcribed."
NO_FILE = "A file of the recording is missing. Ask an administrator to look for it, then copy the recording."
SAME = ("title", "filename", "language", "duration_ms", "has_video", "tracks", "tracks_wanted", "notices")
SAME_FILE = ("kind", "bytes", "sha256", "content_type", "layout")
SAME_TEXT = (
    *("language", "language_source", "language_probability", "has_estimated_speakers"),
    *("provider", "engine", "is_draft_engine"),
)


def copy(recording: Recording, slug: str, *, actor: User) -> Recording:
    """Copy a recording to the team of this short name; the copy is the person's.

    Raises Refused, access.NotFound and access.NotAllowed, and then copies nothing.
    """
    recording = access.get_recording(actor, recording.pk, need=Level.DECIDE)
    team = rules.allowed_target(recording, slug, actor)
    source = recording.transcripts.order_by("-created_at").first()
    if source is None:
        raise Refused("nothing_to_copy", NO_TEXT)
    begun = _begin(recording, team, actor)
    files = [_linked(file, begun) for file in recording.media_files.all()]
    entries = _entries(source)
    with transaction.atomic():
        MediaFile.objects.bulk_create(files)
        _write(source, begun, entries)
        summaries.refresh(begun.pk)
        begun.tags.set(rules.tags_in(team, [one.name for one in recording.tags.all()]))
        begun.deleted_at = None
        begun.save(update_fields=["deleted_at"])
        activities.record("recording:copied_out", recording, actor=actor)
        activities.record("recording:copied_in", begun, actor=actor)
        events.publish("recording.created", begun)
    return begun


def _begin(recording: Recording, team: Team, actor: User) -> Recording:
    """Create the row of the copy, in the trash, once it is clear that it fits."""
    with quotas.one_at_a_time(team):
        rules.check(recording, team)
        same = {name: getattr(recording, name) for name in SAME}
        return Recording.objects.create(team=team, owner=actor, deleted_at=clock.now(), **same)


def _linked(file: MediaFile, begun: Recording) -> MediaFile:
    """Give a file a second name, and return its row, not yet saved."""
    name = f"derived/{begun.pk}/{file.kind}{storage.path_of(file.storage_name).suffix}"
    try:
        storage.link(file.storage_name, name)
    except FileNotFoundError:
        raise Refused("file_missing", NO_FILE) from None
    return MediaFile(recording=begun, storage_name=name, **{one: getattr(file, one) for one in SAME_FILE})


def _entries(source: Transcript) -> list[rows.Entry]:
    """Return the text as it is now, with what a machine transcribed where people changed it."""
    return [_entry(row) for row in source.segments.select_related("speaker")]


def _entry(row: Segment) -> rows.Entry:
    said = rows.spoken(row)
    machine = None
    if row.machine is not None:
        words = rows.read_words(row.machine["words"])
        machine = SpokenSegment(row.machine["text"], row.start_ms, row.end_ms, said.speaker, words, said.language)
    return rows.Entry(
        said, said.speaker, Origin(row.origin), row.revision, row.key, machine, is_reviewed=row.is_reviewed
    )


def _write(source: Transcript, begun: Recording, entries: list[rows.Entry]) -> None:
    same = {name: getattr(source, name) for name in SAME_TEXT}
    copy = Transcript.objects.create(recording=begun, **same)
    speakers: dict[Hashable, Speaker] = {one.key: _speaker(one, copy) for one in source.speakers.all()}
    rows.fill(copy, entries, speakers)


def _speaker(speaker: Speaker, copy: Transcript) -> Speaker:
    same = {name: getattr(speaker, name) for name in ("key", "position", "label", "provider_label", "is_named")}
    return Speaker(transcript=copy, **same)
