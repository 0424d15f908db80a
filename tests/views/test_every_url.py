"""Who may open what: every URL pattern of the project with nobody, an outsider, a viewer, an editor and an owner."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import factories
from tests.support.audio import write_tone
from tests.views.conftest import client_of
from transcripts.document import Segment
from transcripts.models import Conflict, DocumentTemplate, Grant, MediaFile, Upload
from transcripts.models.choices import MediaKind
from transcripts.services import storage, vocabulary
from transcripts.services.live import final_words, leases, lifecycle
from transcripts.services.provider_accounts import environment
from transcripts.services.sharing import shares
from transcripts.services.teams import invitations
from transcripts.services.transcript.comments import threads
from transcripts.services.transcript.imports import files as imported_files
from transcripts.services.transcript.review import claims

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http.response import HttpResponseBase

    from tests.factories import Cast

LOGIN = 302
WHO = ("nobody", "outsider", "viewer", "editor", "owner")
# Belong to Django's console and to allauth, which test themselves; both are asked as a whole below.
GROUPS = ("admin/", "accounts/")


@dataclass(frozen=True)
class Row:
    """What each of WHO gets, and how the URL is asked for."""

    answers: tuple[int, int, int, int, int]
    method: str = "get"
    kwargs: tuple[str, ...] = ()


TEAM_READS = (LOGIN, 404, 200, 200, 200)
EDITORS_READ = (LOGIN, 404, 403, 200, 200)
EDITORS_POST = (LOGIN, 404, 403, 302, 302)
EDITORS_CHANGE = (LOGIN, 404, 403, 200, 200)
MANAGERS_POST = (LOGIN, 404, 403, 403, 302)
EVERYBODY_IN = (LOGIN, 200, 200, 200, 200)
R, T = ("recording_id",), ("transcript_id",)

TABLE: dict[str, Row] = {
    "healthz": Row((200, 200, 200, 200, 200)),
    "favicon": Row((200, 200, 200, 200, 200)),
    "library": Row(EVERYBODY_IN),
    "live": Row(EVERYBODY_IN),
    "live_session": Row(TEAM_READS, kwargs=("session_id",)),
    "live_finish": Row(EDITORS_POST, "post", ("session_id",)),
    # A text is wanted, and a name.
    "live_marker": Row(EDITORS_CHANGE, "post", ("session_id", "marker_id")),
    "live_share": Row(EDITORS_CHANGE, "post", ("session_id",)),
    "live_unshare": Row(EDITORS_CHANGE, "post", ("session_id", "share_id")),
    # Whoever has the link.
    "captions": Row((200, 200, 200, 200, 200), kwargs=("token",)),
    "verify": Row((200, 200, 200, 200, 200)),
    # The transcript is not approved.
    "transcript_certificate": Row((LOGIN, 404, 422, 422, 422), kwargs=T),
    "setup": Row((404, 404, 404, 404, 404)),
    # A setting is wanted, and a position.
    "preferences": Row((LOGIN, 400, 400, 400, 400), "post"),
    "transcript_position": Row((LOGIN, 404, 400, 400, 400), "post", T),
    "recording": Row(TEAM_READS, kwargs=R),
    "recording_row": Row(TEAM_READS, kwargs=R),
    "recording_status": Row(TEAM_READS, kwargs=R),
    "recording_media": Row(TEAM_READS, kwargs=R),
    "recording_original": Row(TEAM_READS, kwargs=R),
    "recording_peaks": Row(TEAM_READS, kwargs=R),
    "recording_answer": Row(EDITORS_READ, kwargs=R),
    "recording_rename": Row(EDITORS_POST, "post", R),
    "recording_delete": Row(EDITORS_POST, "post", R),
    # Nothing lies in the bin here, and that is all anybody learns.
    "recording_restore": Row((LOGIN, 404, 404, 404, 404), "post", R),
    "recording_hold": Row(EDITORS_POST, "post", R),
    "recording_retry": Row(EDITORS_POST, "post", R),
    "recording_tracks": Row(EDITORS_POST, "post", R),
    "recording_import": Row(EDITORS_READ, kwargs=R),
    # A file is wanted.
    "imports": Row((LOGIN, 422, 422, 422, 422), "post"),
    "recording_cancel": Row(EDITORS_POST, "post", R),
    "transcript": Row(TEAM_READS, kwargs=T),
    "transcript_edits": Row((LOGIN, 404, 403, 422, 422), "post", T),
    "transcript_words": Row(TEAM_READS, kwargs=T),
    "transcript_history": Row(TEAM_READS, kwargs=T),
    "transcript_compare": Row(TEAM_READS, kwargs=T),
    # A name is wanted.
    "transcript_versions": Row((LOGIN, 404, 403, 422, 422), "post", T),
    "transcript_names": Row(TEAM_READS, kwargs=T),
    # A beginning and an end are wanted.
    "transcript_clip": Row((LOGIN, 404, 422, 422, 422), kwargs=T),
    "speaker_sample": Row(TEAM_READS, kwargs=(*T, "key")),
    "transcript_language": Row(EDITORS_POST, "post", T),
    "transcript_speakers": Row(EDITORS_POST, "post", T),
    "transcript_retranscribe": Row(EDITORS_POST, "post", T),
    "transcript_retranscription": Row(TEAM_READS, kwargs=T),
    "transcript_review": Row(TEAM_READS, kwargs=T),
    "transcript_subtitles": Row(TEAM_READS, kwargs=T),
    # A subtitle is wanted.
    "subtitle_fault": Row((LOGIN, 404, 403, 409, 409), "post", T),
    "transcript_status": Row(EDITORS_POST, "post", T),
    "transcript_assignment": Row(EDITORS_POST, "post", T),
    # Two segments are wanted.
    "transcript_claims": Row((LOGIN, 404, 403, 404, 404), "post", T),
    # Erin holds it; an owner releases it, and can't renew it.
    "claim_renew": Row((LOGIN, 404, 403, 200, 422), "post", (*T, "claim_id")),
    "claim_release": Row(EDITORS_CHANGE, "post", (*T, "claim_id")),
    # An id and words are wanted to add one. Vera can read comments, and not write them.
    "transcript_comments": Row(TEAM_READS, kwargs=T),
    # Erin wrote it; an owner can resolve it, and not change it.
    "comment_edit": Row((LOGIN, 404, 403, 422, 422), "post", (*T, "comment_id")),
    "comment_remove": Row((LOGIN, 404, 403, 200, 422), "post", (*T, "comment_id")),
    "comment_settle": Row(EDITORS_CHANGE, "post", (*T, "comment_id")),
    "conflict_keep": Row(EDITORS_POST, "post", (*T, "conflict_id")),
    "conflict_take": Row(EDITORS_POST, "post", (*T, "conflict_id")),
    "transcript_exports": Row(TEAM_READS, kwargs=T),
    "exports": Row(EVERYBODY_IN),
    # Only the person who asked for a file has it.
    "export": Row((LOGIN, 404, 404, 200, 404), kwargs=("export_id",)),
    "export_file": Row((LOGIN, 404, 404, 200, 404), kwargs=("export_id",)),
    "transcript_export": Row(TEAM_READS, kwargs=(*T, "format")),
    "transcript_share": Row(EDITORS_READ, kwargs=T),
    "share_grant": Row(EDITORS_POST, "post", (*T, "grant_id")),
    # What is wanted is missing, and the page says so.
    "share_links": Row(EDITORS_POST, "post", T),
    "share_link": Row(EDITORS_POST, "post", (*T, "link_id")),
    "transcript_vocabulary": Row(TEAM_READS, kwargs=T),
    "team": Row(TEAM_READS, kwargs=("slug",)),
    "team_new": Row(EVERYBODY_IN),
    "team_usage": Row(TEAM_READS, kwargs=("slug",)),
    "team_defaults": Row(TEAM_READS, kwargs=("slug",)),
    "team_switch": Row((LOGIN, 404, 302, 302, 302), "post", ("slug",)),
    # What is wanted is missing, and the page of the team says so.
    "team_rename": Row(MANAGERS_POST, "post", ("slug",)),
    "team_transfer": Row((LOGIN, 404, 403, 403, 404), "post", ("slug",)),
    "team_delete": Row(MANAGERS_POST, "post", ("slug",)),
    "team_invite": Row(MANAGERS_POST, "post", ("slug",)),
    "team_link": Row(MANAGERS_POST, "post", ("slug",)),
    "team_invitation": Row(MANAGERS_POST, "post", ("slug", "invitation_id")),
    # The owner is told that a team needs one.
    "team_leave": Row((LOGIN, 404, 302, 302, 302), "post", ("slug",)),
    "member_role": Row(MANAGERS_POST, "post", ("slug", "user_id")),
    "member_remove": Row(MANAGERS_POST, "post", ("slug", "user_id")),
    # Anyone with the link; members go to their team.
    "invitation": Row((200, 200, 302, 302, 302), kwargs=("invitation",)),
    "vocabulary": Row(TEAM_READS, kwargs=("slug",)),
    "vocabulary_csv": Row(TEAM_READS, kwargs=("slug",)),
    # A term is wanted, and the page says so.
    "vocabulary_archive": Row(EDITORS_READ, kwargs=("slug", "term_id")),
    # Nothing was applied, and the page says so.
    "vocabulary_archive_undo": Row(EDITORS_POST, "post", ("slug",)),
    "vocabulary_term": Row(EDITORS_POST, "post", ("slug", "term_id")),
    # Erin sent it.
    "import_choice": Row((LOGIN, 404, 404, 200, 404), kwargs=("import_id",)),
    "template": Row(TEAM_READS, kwargs=("slug",)),
    "template_file": Row(TEAM_READS, kwargs=("slug",)),
    # tus answers programs, so 401 instead of the sign-in page; a body-less creation is a bad request.
    "uploads": Row((401, 400, 400, 400, 400), "post"),
    "upload": Row((401, 404, 404, 200, 404), "head", ("upload_id",)),
}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def own_names() -> set[str]:
    return {str(entry.name) for route, entry in patterns(get_resolver()) if not route.startswith(GROUPS)}


@pytest.fixture
def things(cast: Cast) -> dict[str, Any]:
    """A finished recording with all its files, and an upload that Erin began."""
    recording = factories.make_recording(cast.team, owner=cast.alice)
    transcript = factories.make_transcript(recording)
    assert transcript.job
    factories.make_answer(transcript.job)
    for kind, content_type in ((MediaKind.ORIGINAL, "audio/wav"), (MediaKind.PEAKS, "application/json")):
        name = f"tests/{recording.pk}-{kind}"
        storage.path_of(name).parent.mkdir(parents=True, exist_ok=True)
        storage.path_of(name).write_bytes(b"{}")
        MediaFile.objects.create(recording=recording, kind=kind, storage_name=name, bytes=2, content_type=content_type)
    audio = storage.path_of(recording.media_files.get(kind=MediaKind.AUDIO).storage_name)
    audio.parent.mkdir(parents=True, exist_ok=True)
    write_tone(audio, seconds=5)
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
    return {
        "export_id": export.pk,
        "import_id": imported.pk,
        "segment_key": said.key,
        "speaker_key": said.speaker.key if said.speaker else "",
        "marker_id": uuid.uuid4(),
        "share_id": share.pk,
        "token": share.token,
        "session_id": session.pk,
        "recording_id": recording.pk,
        "transcript_id": transcript.pk,
        "grant_id": Grant.objects.create(recording=recording, user=factories.make_user("Gus Grant")).pk,
        "link_id": shares.create(recording, shares.Options(), actor=cast.erin).pk,
        "conflict_id": conflict.pk,
        "claim_id": claims.claim(transcript, segment.key, segment.key, actor=cast.erin).pk,
        "comment_id": threads.add(transcript, uuid.uuid4(), threads.Draft("Is it?", at_ms=0), actor=cast.erin).pk,
        "upload_id": upload.pk,
        "slug": cast.team.slug,
        "user_id": cast.vera.pk,
        "invitation_id": invitation.pk,
        "invitation": invitation.token,
        "term_id": vocabulary.add(cast.team, vocabulary.Wish("thalweg"), actor=cast.alice).pk,
        "format": "txt",
        "key": "1",
    }


def people(cast: Cast) -> dict[str, Any]:
    return dict(zip(WHO, (None, cast.charlie, cast.vera, cast.erin, cast.alice), strict=True))


def url_of(name: str, things: dict[str, Any]) -> str:
    named = {key: things[key] for key in TABLE[name].kwargs}
    renamed = {"invitation": "token", "link_id": "share_id"}
    return reverse(name, kwargs={renamed.get(key, key): value for key, value in named.items()})


def ask(name: str, who: str, cast: Cast, things: dict[str, Any]) -> HttpResponseBase:
    method, url = TABLE[name].method.upper(), url_of(name, things)
    return client_of(people(cast)[who]).generic(method, url, headers={"Tus-Resumable": "1.0.0"})


def test_every_url_has_a_row() -> None:
    assert own_names() == set(TABLE)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", sorted(TABLE))
def test_url_answers_each_person_as_their_role_allows(name: str, who: str, cast: Cast, things: dict[str, Any]) -> None:
    response = ask(name, who, cast, things)
    assert response.status_code == TABLE[name].answers[WHO.index(who)]
    if who == "nobody" and response.status_code == LOGIN:
        assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("who", WHO)
def test_the_console_opens_to_nobody_without_the_right(who: str, cast: Cast) -> None:
    response = client_of(people(cast)[who]).get(reverse("admin:index"))
    assert response.status_code == LOGIN


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_sign_in_pages_open_to_strangers(name: str, cast: Cast) -> None:
    assert client_of(None).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["account_change_password", "account_logout"])
def test_account_pages_ask_strangers_to_sign_in(name: str, cast: Cast) -> None:
    assert client_of(None).get(reverse(name)).status_code == LOGIN
    assert client_of(cast.vera).get(reverse(name)).status_code == 200
