"""One of each thing that an address names, for the tests that ask every URL."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from tests import factories
from tests.support.audio import write_tone
from transcripts.document import Segment
from transcripts.models import Batch, Conflict, DocumentTemplate, Folder, Grant, MediaFile, Notification, Tag, Upload
from transcripts.models.choices import MediaKind, NotificationKind
from transcripts.services import storage, vocabulary
from transcripts.services.bulk import acts as bulk
from transcripts.services.library import saved_filters
from transcripts.services.live import final_words, leases, lifecycle
from transcripts.services.provider_accounts import environment
from transcripts.services.provider_accounts.routing import changes
from transcripts.services.recordings import trash
from transcripts.services.sharing import folder_links, shares
from transcripts.services.teams import invitations
from transcripts.services.transcript.comments import threads
from transcripts.services.transcript.imports import files as imported_files
from transcripts.services.transcript.review import claims

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Recording


# Things that the addresses call otherwise
RENAMED = {
    "invitation": "token",
    "link_id": "share_id",
    "folder_grant_id": "grant_id",
    "folder_link_id": "link_id",
    "folder_token": "token",
    "trashed_id": "recording_id",
}


def make_things(cast: Cast) -> dict[str, Any]:
    """Make a finished recording with all its files, and an upload that Erin began."""
    recording = factories.make_recording(cast.team, owner=cast.alice)
    transcript = factories.make_transcript(recording)
    assert transcript.job
    factories.make_answer(transcript.job)
    _store_files(recording)
    upload = Upload.objects.create(
        team=cast.team, owner=cast.erin, filename="a.wav", length=10, expires_at=recording.created_at
    )
    environment.from_environment()
    segment = transcript.segments.all()[0]
    conflict = Conflict.objects.create(segment=segment, start_ms=0, end_ms=400, kept="Good", offered="Could")
    session = leases.take(lifecycle.start(owner=cast.erin, team=cast.team, title="Meeting"))
    said, _ = final_words.append(session, Segment("Hold the page.", 0, 900, "S0"))
    share = shares.share_captions(session.recording, actor=cast.erin, lifetime="day")
    export = factories.make_export(cast.erin, transcript)
    imported = imported_files.store("talk.srt", b"1\n00:00:01,000 --> 00:00:02,000\nHello.\n", actor=cast.erin)
    template = DocumentTemplate.objects.create(team=cast.team, filename="house.docx", bytes=2)
    storage.path_of(template.storage_name).parent.mkdir(parents=True, exist_ok=True)
    storage.path_of(template.storage_name).write_bytes(b"PK")
    invitation = invitations.create_link(cast.team, invitations.Link("viewer"), actor=cast.alice)
    told = Notification.objects.create(user=cast.alice, recording=recording, kind=NotificationKind.READY)
    return {
        "notification_id": told.pk,
        "export_id": export.pk,
        "act_id": bulk.begin(cast.erin, [recording], verb="tag", parameters={"name": "dam"}, client_id=uuid.uuid4()).pk,
        "verb": "move",
        "import_id": imported.pk,
        "segment_key": said.key,
        "speaker_key": said.speaker.key if said.speaker else "",
        "marker_id": uuid.uuid4(),
        "sign_in_id": 0,
        "identity_id": 0,
        "share_id": share.pk,
        "token": share.token,
        "session_id": session.pk,
        "recording_id": recording.pk,
        "transcript_id": transcript.pk,
        "grant_id": Grant.objects.create(recording=recording, user=factories.make_user("Gus Grant")).pk,
        "link_id": shares.create(recording, shares.Options(), actor=cast.erin).pk,
        "conflict_id": conflict.pk,
        "comparison_id": factories.make_comparison(transcript).pk,
        "claim_id": claims.claim(transcript, segment.key, segment.key, actor=cast.erin).pk,
        "comment_id": threads.add(transcript, uuid.uuid4(), threads.Draft("Is it?", at_ms=0), actor=cast.erin).pk,
        "upload_id": upload.pk,
        "batch_id": Batch.objects.create(team=cast.team, owner=cast.erin, files=2).pk,
        "slug": cast.team.slug,
        "user_id": cast.vera.pk,
        "invitation_id": invitation.pk,
        "invitation": invitation.token,
        "term_id": vocabulary.add(cast.team, vocabulary.Wish("thalweg"), actor=cast.alice).pk,
        "route_id": changes.add(cast.team, str(session.account.pk)).pk,
        **_library(cast),
        "format": "txt",
        "key": "1",
    }


def _library(cast: Cast) -> dict[str, Any]:
    """Make a shared folder and a tag of the team, a filter of Erin's, and a recording that she deleted."""
    trashed = factories.make_recording(cast.team, "Old meeting")
    trash.delete(trashed, actor=cast.erin)
    folder = Folder.objects.create(team=cast.team, name="Court")
    link = folder_links.create(folder, shares.Options(), actor=cast.erin)
    grant = Grant.objects.create(folder=folder, user=factories.make_user("Fay Folder"))
    return {
        "trashed_id": trashed.pk,
        "folder_id": folder.pk,
        "folder_grant_id": grant.pk,
        "folder_link_id": link.pk,
        "folder_token": link.token,
        "tag_id": Tag.objects.create(team=cast.team, name="dam").pk,
        "filter_id": saved_filters.save(cast.erin, "Mine", "team=&state=mine").pk,
    }


def _store_files(recording: Recording) -> None:
    for kind, content_type in ((MediaKind.ORIGINAL, "audio/wav"), (MediaKind.PEAKS, "application/json")):
        name = f"tests/{recording.pk}-{kind}"
        storage.path_of(name).parent.mkdir(parents=True, exist_ok=True)
        storage.path_of(name).write_bytes(b"{}")
        MediaFile.objects.create(recording=recording, kind=kind, storage_name=name, bytes=2, content_type=content_type)
    audio = storage.path_of(recording.media_files.get(kind=MediaKind.AUDIO).storage_name)
    audio.parent.mkdir(parents=True, exist_ok=True)
    write_tone(audio, seconds=5)
