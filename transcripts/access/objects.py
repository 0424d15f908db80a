"""The objects themselves, for an actor who may see them or do with them what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db.models import Q

from accounts.models import Team, User
from transcripts.access import sharing
from transcripts.access.levels import (
    LEVEL_OF_SHARE,
    Actor,
    Level,
    NotFound,
    can_edit,
    level_in,
    raise_if_closed,
    require,
)
from transcripts.access.second_step import closed_teams_of, open_memberships
from transcripts.models import (
    Batch,
    BulkAct,
    Claim,
    Comparison,
    Conflict,
    Export,
    Folder,
    ImportedFile,
    LiveSession,
    Marker,
    Recording,
    SavedFilter,
    Segment,
    Speaker,
    Tag,
    Term,
    Transcript,
    Upload,
)
from transcripts.models.choices import ShareLevel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet


Row = TypeVar("Row")
TeamRow = TypeVar("TeamRow", Folder, Tag)


# Folders


def folders_of(user: User) -> QuerySet[Folder]:
    """Return the folders that the person can see: those of their teams, and those that are shared with them."""
    teams = open_memberships().filter(user=user).values("team")
    granted = sharing.grants_to(user).filter(folder__isnull=False).values("folder")
    return Folder.objects.filter(Q(team__in=teams) | Q(pk__in=granted))


def get_folder(user: User, folder_id: int, *, need: Level = Level.VIEW) -> Folder:
    """Return a folder."""
    found = _found(folders_of(user).filter(pk=folder_id).select_related("team").first())
    if need > Level.VIEW:
        own = level_in(user, found.team)
        require(max((one for one in (own, sharing.granted_level(user, found)) if one), default=None), need)
    return found


# Recordings and what belongs to them


def recordings_of(actor: Actor, *, in_trash: bool = False) -> QuerySet[Recording]:
    """Return the recordings that the actor can see."""
    present = Recording.objects.filter(deleted_at__isnull=not in_trash)
    if isinstance(actor, User):
        teams = open_memberships().filter(user=actor).values("team")
        return present.filter(Q(team__in=teams) | sharing.is_granted_to(actor))
    links = sharing.reading_shares().filter(pk=actor.share.pk)
    return present.filter(pk__in=links.values("recording"))


def level_on(actor: Actor, recording: Recording) -> Level | None:
    """Return what the actor can do with a recording; None if they can't see it."""
    if isinstance(actor, User):
        own = level_in(actor, recording.team)
        if own is not None and own >= Level.EDIT:
            return own  # a grant gives no more than that
        return max((level for level in (own, sharing.granted_level(actor, recording)) if level), default=None)
    link = sharing.reading_shares().filter(pk=actor.share.pk, recording=recording).first()
    return None if link is None else LEVEL_OF_SHARE.get(ShareLevel(link.level), Level.VIEW)


def allows(actor: Actor, recording: Recording, need: Level) -> bool:
    """Tell whether the actor can do this with a recording."""
    return (level_on(actor, recording) or 0) >= need


def get_recording(actor: Actor, recording_id: UUID, *, need: Level = Level.VIEW, in_trash: bool = False) -> Recording:
    """Return a recording; one in the trash only if that is asked for."""
    found = recordings_of(actor, in_trash=in_trash).filter(pk=recording_id).select_related("team", "owner").first()
    if found is None:
        _raise_if_closed(actor, recording_id)
    return _checked(actor, found, found, need)


def get_transcript(actor: Actor, transcript_id: UUID, *, need: Level = Level.VIEW) -> Transcript:
    """Return a transcript."""
    seen = Transcript.objects.filter(pk=transcript_id, recording__in=recordings_of(actor))
    found = seen.select_related("recording__team", "recording__owner").first()
    if found is None:
        _raise_if_closed(actor, Transcript.objects.filter(pk=transcript_id).values("recording"))
    return _checked(actor, found, found.recording if found else None, need)


def get_transcripts(user: User, transcript_ids: Sequence[UUID]) -> list[Transcript]:
    """Return all of these transcripts, in this order; NotFound if the person can't see one of them."""
    seen = Transcript.objects.filter(pk__in=transcript_ids, recording__in=recordings_of(user))
    found = seen.select_related("recording__team", "recording__owner").in_bulk()
    if not transcript_ids or set(transcript_ids) - found.keys():
        raise NotFound
    return [found[transcript_id] for transcript_id in dict.fromkeys(transcript_ids)]


def get_export(user: User, export_id: UUID) -> Export:
    """Return a file that the person asked for, while they can still see all that is in it."""
    export = _found(Export.objects.select_related("team").filter(pk=export_id, requested_by=user).first())
    get_transcripts(user, [UUID(one) for one in export.transcript_ids])
    return export


def get_bulk_act(user: User, act_id: UUID) -> BulkAct:
    """Return what the person did to many recordings; no one else sees it."""
    return _found(BulkAct.objects.select_related("actor").filter(pk=act_id, actor=user).first())


def get_conflict(actor: Actor, transcript_id: UUID, conflict_id: int) -> Conflict:
    """Return a conflict of a transcript, to decide it."""
    transcript = get_transcript(actor, transcript_id, need=Level.EDIT)
    found = Conflict.objects.filter(pk=conflict_id, segment__transcript=transcript)
    conflict = found.select_related("segment__transcript__recording__team").first()
    if conflict is None:
        raise NotFound
    return conflict


def get_claim(user: User, transcript_id: UUID, claim_id: int) -> Claim:
    """Return a claim, to release it: one's own, or another's for those who manage the team."""
    transcript = get_transcript(user, transcript_id, need=Level.EDIT)
    claim = _found(Claim.objects.filter(pk=claim_id, transcript=transcript).first())
    claim.transcript = transcript
    if claim.holder_id != user.pk:
        require(level_on(user, transcript.recording), Level.MANAGE)
    return claim


def get_live_session(actor: Actor, session_id: UUID, *, need: Level = Level.VIEW) -> LiveSession:
    """Return a live session."""
    seen = LiveSession.objects.filter(pk=session_id, recording__in=recordings_of(actor))
    related = ("recording__team", "recording__owner", "transcript", "account", "owner")
    found = seen.select_related(*related).first()
    if found is None:
        _raise_if_closed(actor, LiveSession.objects.filter(pk=session_id).values("recording"))
    return _checked(actor, found, found.recording if found else None, need)


def get_trashed(user: User, recording_id: UUID, *, need: Level = Level.DECIDE) -> Recording:
    """Return a recording in the trash, to restore it: for the one who deleted it, and for those who manage the team."""
    recording = get_recording(user, recording_id, need=need, in_trash=True)
    if recording.deleted_by_id != user.pk:
        require(level_on(user, recording), Level.MANAGE)
    return recording


def get_tag(user: User, tag_id: int, *, need: Level = Level.DECIDE) -> Tag:
    """Return a tag of one of the person's teams, to change it."""
    return _of_team(user, Tag.objects.select_related("team").filter(pk=tag_id).first(), need)


def get_saved_filter(user: User, filter_id: int) -> SavedFilter:
    """Return a filter that the person saved."""
    return _found(SavedFilter.objects.filter(pk=filter_id, user=user).first())


def segment_in(transcript_id: UUID, key: str) -> Segment:
    """Return a segment of a transcript that the caller got here, one that was removed too."""
    found = Segment.with_removed.select_related("transcript", "speaker").filter(key=key, transcript=transcript_id)
    return _found(found.first())


def speaker_in(transcript_id: UUID, key: str) -> Speaker:
    """Return a speaker of a transcript that the caller got here."""
    found = Speaker.objects.select_related("transcript__recording").filter(key=key, transcript=transcript_id)
    return _found(found.first())


def comparison_in(recording_id: UUID, comparison_id: UUID) -> Comparison:
    """Return what is kept to be compared with the transcripts of a recording that the caller got here."""
    found = Comparison.objects.select_related("job__account", "created_by")
    return _found(found.filter(pk=comparison_id, job__recording=recording_id).first())


def term_in(team: Team, term_id: int) -> Term:
    """Return a term of a team that the caller got here."""
    return _found(Term.objects.filter(vocabulary__team=team, pk=term_id).first())


def marker_in(recording_id: UUID, marker_id: UUID) -> Marker | None:
    """Return a marker of a recording that the caller got here; None if no recording has one with this id yet."""
    marker = Marker.objects.filter(pk=marker_id).first()
    if marker is not None and marker.recording_id != recording_id:
        raise NotFound
    return marker


def get_upload(user: User, upload_id: UUID) -> Upload:
    """Return an upload the person began, while they can still add to its team."""
    upload = Upload.objects.filter(pk=upload_id, owner=user).select_related("team", "owner").first()
    if upload is None or not can_edit(user, upload.team):
        raise NotFound
    return upload


def get_batch(user: User, batch_id: UUID, *, need: Level = Level.VIEW) -> Batch:
    """Return the batch of a team that the person is in; which of its recordings they can see is asked for each."""
    found = _found(Batch.objects.select_related("team", "owner").filter(pk=batch_id).first())
    level = level_in(user, found.team)
    if level is None:
        raise_if_closed(closed_teams_of(user).filter(pk=found.team_id))
        raise NotFound
    require(level, need)
    return found


def get_import(user: User, import_id: UUID) -> ImportedFile:
    """Return a transcript that the person sent and that belongs to no recording and no upload yet."""
    mine = ImportedFile.objects.filter(pk=import_id, requested_by=user, recording=None, upload=None)
    return _found(mine.defer("content").first())


def _of_team(user: User, row: TeamRow | None, need: Level) -> TeamRow:
    row = _found(row)
    level = level_in(user, row.team)
    if level is None:
        raise NotFound
    require(level, need)
    return row


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row


def _raise_if_closed(actor: Actor, recordings: UUID | QuerySet[Any]) -> None:
    """Raise NeedsSecondStep if only that keeps a person from one of these recordings."""
    if isinstance(actor, User):
        which = [recordings] if isinstance(recordings, UUID) else recordings
        owned = Recording.objects.filter(pk__in=which, deleted_at=None).values("team")
        raise_if_closed(closed_teams_of(actor).filter(pk__in=owned))


def _checked(actor: Actor, row: Row | None, recording: Recording | None, need: Level) -> Row:
    """Return a row that the actor sees, if they can do with it what they need. Seeing it takes no further query."""
    if row is None or recording is None:
        raise NotFound
    if need > Level.VIEW:
        require(level_on(actor, recording), need)
    return row
