"""Moving and copying a recording to another team: what goes along, what ends, and who may."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from tests import factories
from tests.guests.conftest import LINES, link_to, store_files
from tests.sharing.conftest import refused
from tests.support.edits import set_text
from tests.views.conftest import client_of
from transcripts import access, clock
from transcripts.access import Level, NotAllowed, NotFound
from transcripts.models import Activity, Assignment, Folder, Grant, MediaFile, Recording, Tag, TeamDefaults
from transcripts.models.choices import JobStatus, MediaKind, StepKind
from transcripts.services import storage
from transcripts.services.live import lifecycle
from transcripts.services.moving import copies, moves
from transcripts.services.operations import housekeeping
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import environment
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Team
    from tests.factories import Cast
    from transcripts.models import Transcript


@pytest.fixture
def cast(db: None, redis_client: object) -> Cast:
    """Alice owns the team, Erin edits, Vera views; Charlie is in no team of theirs."""
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    recording = factories.make_recording(cast.team, "River dams", owner=cast.alice, duration_ms=8_000)
    found = factories.make_transcript(recording, LINES)
    store_files(recording)
    return found


@pytest.fixture
def desk(cast: Cast) -> Team:
    """A team of Erin's, which Vera can read."""
    return factories.make_team("Court desk", owner=cast.erin, viewer=cast.vera)


def order(transcript: Transcript, team: Team) -> None:
    """Put the recording in a folder, tag it, share it and assign it."""
    recording = transcript.recording
    recording.folder = Folder.objects.create(team=recording.team, name="Investigations")
    recording.save(update_fields=["folder"])
    recording.tags.set([Tag.objects.create(team=recording.team, name=name) for name in ("Dam", "embargoed")])
    Tag.objects.create(team=team, name="dam")
    Grant.objects.create(recording=recording, user=factories.make_user("Gus Grant"))


# Moving


def test_a_moved_recording_is_the_other_team_s_alone(cast: Cast, transcript: Transcript, desk: Team) -> None:
    order(transcript, desk)
    share = link_to(transcript)
    moves.move(transcript.recording, desk.slug, actor=cast.erin)
    assert access.get_transcript(cast.vera, transcript.pk).recording.team == desk
    with pytest.raises(NotFound):
        access.get_transcript(cast.alice, transcript.pk)
    assert not access.open_grants().exists()
    assert Client().get(reverse("guest", args=[share.token])).status_code == 404


def test_tags_go_along_and_the_folder_does_not(cast: Cast, transcript: Transcript, desk: Team) -> None:
    order(transcript, desk)
    moved = moves.move(transcript.recording, desk.slug, actor=cast.erin)
    moved.refresh_from_db()
    assert moved.folder is None
    assert sorted(moved.tags.values_list("name", "team")) == [("dam", desk.pk), ("embargoed", desk.pk)]


def test_who_reviews_it_stays_if_they_can_there(cast: Cast, transcript: Transcript, desk: Team) -> None:
    Assignment.objects.create(transcript=transcript, assignee=cast.alice)
    moves.move(transcript.recording, desk.slug, actor=cast.erin)
    assert not Assignment.objects.exists()
    Assignment.objects.create(transcript=transcript, assignee=cast.erin)
    moves.move(transcript.recording, cast.team.slug, actor=cast.erin)
    assert Assignment.objects.get().assignee == cast.erin


def test_both_teams_read_it_in_their_logs(cast: Cast, transcript: Transcript, desk: Team) -> None:
    moves.move(transcript.recording, desk.slug, actor=cast.erin)
    logged = Activity.objects.filter(verb__startswith="recording:moved").values_list("verb", "team", "actor")
    assert sorted(logged) == [
        ("recording:moved_in", desk.pk, cast.erin.pk),
        ("recording:moved_out", cast.team.pk, cast.erin.pk),
    ]


def test_a_retention_that_would_only_delete_it_holds(cast: Cast, transcript: Transcript, desk: Team) -> None:
    TeamDefaults.objects.create(team=desk, retention_days=30)
    Recording.objects.update(created_at=clock.now() - timedelta(days=60))
    moved = moves.move(Recording.objects.get(), desk.slug, actor=cast.erin)
    assert moved.is_held


def test_what_is_being_worked_on_stays(cast: Cast, transcript: Transcript, desk: Team) -> None:
    transcript.recording.jobs.update(status=JobStatus.RUNNING)
    with refused("still_working"):
        moves.move(transcript.recording, desk.slug, actor=cast.erin)
    session = lifecycle.start(owner=cast.erin, team=cast.team, title="Meeting")
    with refused("still_live"):
        moves.move(session.recording, desk.slug, actor=cast.erin)


def test_what_doesn_t_fit_stays(cast: Cast, transcript: Transcript, desk: Team) -> None:
    desk.storage_gb = 0
    desk.save()
    with refused("quota"):
        moves.move(transcript.recording, desk.slug, actor=cast.erin)
    with refused("quota"):
        copies.copy(transcript.recording, desk.slug, actor=cast.erin)
    assert Recording.objects.get().team == cast.team


@pytest.mark.parametrize("bring", [moves.move, copies.copy])
def test_it_takes_an_editor_of_both_teams(cast: Cast, transcript: Transcript, desk: Team, bring: object) -> None:
    assert callable(bring)
    for person, error in ((cast.alice, NotFound), (cast.vera, NotAllowed), (cast.charlie, NotFound)):
        with pytest.raises(error):
            bring(transcript.recording, desk.slug, actor=person)
    cast.team.memberships.filter(user=cast.erin).update(role=Role.COMMENTER)
    with pytest.raises(NotAllowed):
        bring(transcript.recording, desk.slug, actor=cast.erin)
    with refused("same_team"):
        bring(transcript.recording, cast.team.slug, actor=cast.alice)
    assert Recording.objects.get().team == cast.team


# Copying


def test_a_copy_has_the_text_as_it_is_now(cast: Cast, transcript: Transcript, desk: Team) -> None:
    set_text(transcript.segments.get(key="s0"), "The dam was never meant for this.", actor=cast.erin)
    transcript.segments.filter(key="s1").update(is_reviewed=True)
    copied = copies.copy(transcript.recording, desk.slug, actor=cast.erin)
    copy = copied.transcripts.get()
    fields = ("key", "text", "words", "start_ms", "end_ms", "speaker__label", "machine", "is_reviewed")
    assert list(copy.segments.values_list(*fields)) == list(transcript.segments.values_list(*fields))
    assert (copy.status, copy.word_count, copy.reviewed_words) == ("draft", 20, 6)
    assert access.get_transcript(cast.vera, copy.pk).recording == copied
    assert access.level_on(cast.alice, copied) is None


def test_a_copy_is_edited_and_transcribed_again_apart(cast: Cast, transcript: Transcript, desk: Team) -> None:
    copied = copies.copy(transcript.recording, desk.slug, actor=cast.erin)
    copy = copied.transcripts.get()
    set_text(copy.segments.get(key="s0"), "Quite another thing.", actor=cast.erin)
    assert transcript.segments.get(key="s0").text == LINES[0][1]
    environment.from_environment()
    job = jobs.start(copied, actor=cast.erin, language="en", base_transcript=copy)
    assert job.steps.get().kind == StepKind.SUBMIT


def test_the_files_of_a_copy_outlive_the_original(cast: Cast, transcript: Transcript, desk: Team) -> None:
    before = {
        one.kind: storage.path_of(one.storage_name).read_bytes()
        for one in transcript.recording.media_files.all()
        if one.kind != MediaKind.PLAYBACK
    }
    for one in transcript.recording.media_files.exclude(kind__in=before):
        one.delete()
    copied = copies.copy(transcript.recording, desk.slug, actor=cast.erin)
    trash.delete(transcript.recording, actor=cast.erin)
    trash.purge(Recording.objects.get(pk=transcript.recording_id))
    after = {one.kind: storage.path_of(one.storage_name).read_bytes() for one in copied.media_files.all()}
    assert after == before


def test_a_copy_that_was_cut_off_is_seen_by_no_one_and_purged(
    cast: Cast, transcript: Transcript, desk: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(copies, "_write", die)
    with pytest.raises(KeyboardInterrupt):
        copies.copy(transcript.recording, desk.slug, actor=cast.erin)
    left = Recording.objects.get(team=desk)
    assert not access.recordings_of(cast.erin).filter(team=desk).exists()
    names = storage.names_in(f"derived/{left.pk}")
    assert names
    Recording.objects.filter(pk=left.pk).update(deleted_at=clock.now() - 2 * trash.KEPT)
    housekeeping.empty_trash()
    assert storage.names_in(f"derived/{left.pk}") == []
    assert MediaFile.objects.filter(recording=transcript.recording).exists()


def test_there_is_nothing_to_copy_without_a_text_or_its_files(cast: Cast, transcript: Transcript, desk: Team) -> None:
    with refused("nothing_to_copy"):
        copies.copy(factories.make_recording(cast.team, owner=cast.alice), desk.slug, actor=cast.erin)
    for file in transcript.recording.media_files.all():
        storage.remove(file.storage_name)
    with refused("file_missing"):
        copies.copy(transcript.recording, desk.slug, actor=cast.erin)


# The page


def test_the_page_moves_and_copies(cast: Cast, transcript: Transcript, desk: Team) -> None:
    client = client_of(cast.erin)
    url = reverse("recording_move", args=[transcript.recording_id])
    assert "Court desk" in client.get(url).content.decode()
    assert client.post(url, {"copy": "1"}).status_code == 422
    copied = client.post(url, {"team": desk.slug, "copy": "1"}, follow=True)
    assert "Copied to “Court desk”." in copied.content.decode()
    moved = client.post(url, {"team": desk.slug, "move": "1"}, follow=True)
    assert moved.redirect_chain == [(transcript.get_absolute_url(), 302)]
    assert Recording.objects.filter(team=desk).count() == 2


def test_without_another_team_the_page_says_what_to_do(cast: Cast, transcript: Transcript) -> None:
    erins = access.editable_teams_of(cast.erin).exclude(pk=cast.team.pk)
    for team in erins:
        team.memberships.filter(user=cast.erin).update(role=Role.VIEWER)
    page = client_of(cast.erin).get(reverse("recording_move", args=[transcript.recording_id])).content.decode()
    assert "Ask the owner of one to make you an editor there" in page
    assert access.allows(cast.erin, transcript.recording, Level.DECIDE)


@pytest.mark.parametrize("bring", [moves.move, copies.copy])
def test_only_who_may_change_that_takes_audio_from_a_team_that_keeps_it(
    cast: Cast, transcript: Transcript, desk: Team, bring: Callable[..., Recording]
) -> None:
    TeamDefaults.objects.update_or_create(team=cast.team, defaults={"keeps_audio": True})
    with refused("audio_stays"):
        bring(transcript.recording, desk.slug, actor=cast.erin)
    desk.memberships.create(user=cast.alice, role=Role.EDITOR)
    assert bring(transcript.recording, desk.slug, actor=cast.alice).team == desk


@pytest.mark.parametrize("bring", [moves.move, copies.copy])
def test_a_recording_goes_between_teams_that_both_keep_audio(
    cast: Cast, transcript: Transcript, desk: Team, bring: Callable[..., Recording]
) -> None:
    for team in (cast.team, desk):
        TeamDefaults.objects.update_or_create(team=team, defaults={"keeps_audio": True})
    assert bring(transcript.recording, desk.slug, actor=cast.erin).team == desk
