"""The trash: what was deleted, by whom, until when, and who can bring it back or delete it now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from tests import factories
from tests.views.conftest import client_of
from transcripts import clock
from transcripts.models import Activity, Recording
from transcripts.services.operations import housekeeping
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast

PAGE = "/?state=trash"


def html(user: User) -> str:
    return " ".join(client_of(user).get(PAGE).content.decode().split())


@pytest.fixture
def deleted(cast: Cast) -> Recording:
    """A recording that Erin deleted three days ago."""
    recording = factories.make_recording(cast.team, "Old meeting", owner=cast.alice)
    trash.delete(recording, actor=cast.erin)
    Recording.objects.filter(pk=recording.pk).update(deleted_at=clock.now() - timedelta(days=3))
    recording.refresh_from_db()
    return recording


def test_it_says_what_was_deleted_by_whom_and_when_it_will_be_gone(cast: Cast, deleted: Recording) -> None:
    page = html(cast.vera)
    assert "Old meeting" in page
    assert "Deleted by <bdi>Erin East</bdi>" in page
    assert "Deleted permanently in 27 days" in page
    assert "Old meeting" not in client_of(cast.vera).get("/").content.decode()
    assert "Old meeting" not in html(cast.charlie)


def test_it_is_restored_by_the_one_who_deleted_it_and_by_those_who_manage(cast: Cast, deleted: Recording) -> None:
    eve = factories.make_user("Eve Editor")
    Membership.objects.create(team=cast.team, user=eve, role=Role.EDITOR)
    restore = reverse("recording_restore", args=[deleted.pk])
    for user, may in ((cast.erin, True), (cast.alice, True), (eve, False), (cast.vera, False)):
        assert (restore in html(user)) == may
        assert ("Restore recording" in client_of(user).get(deleted.get_absolute_url()).content.decode()) == may
    assert client_of(eve).post(restore).status_code == 403
    page = client_of(cast.erin).post(restore, follow=True).content.decode()
    assert "Restored “Old meeting”." in page
    deleted.refresh_from_db()
    assert (deleted.deleted_at, deleted.deleted_by) == (None, None)


def test_one_who_became_a_viewer_restores_nothing(cast: Cast, deleted: Recording) -> None:
    Membership.objects.filter(team=cast.team, user=cast.erin).update(role=Role.VIEWER)
    assert client_of(cast.erin).post(reverse("recording_restore", args=[deleted.pk])).status_code == 403


def test_those_who_manage_can_delete_it_now(cast: Cast, deleted: Recording) -> None:
    purge = reverse("recording_purge", args=[deleted.pk])
    assert purge in html(cast.alice)
    assert purge not in html(cast.erin)
    assert client_of(cast.erin).post(purge).status_code == 403
    page = client_of(cast.alice).post(purge, follow=True).content.decode()
    assert "Deleted “Old meeting” permanently." in page
    assert not Recording.objects.filter(pk=deleted.pk).exists()
    activity = Activity.objects.get(verb="recording:purged")
    assert (activity.actor, activity.is_automatic, activity.subject) == (cast.alice, False, "Old meeting")


def test_what_is_not_in_the_trash_is_not_deleted_permanently(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    assert client_of(cast.alice).post(reverse("recording_purge", args=[recording.pk])).status_code == 404
    assert Recording.objects.filter(pk=recording.pk).exists()


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (31, False)])
def test_it_is_kept_for_thirty_days(deleted: Recording, days: int, *, is_kept: bool) -> None:
    Recording.objects.filter(pk=deleted.pk).update(deleted_at=clock.now() - timedelta(days=days))
    housekeeping.empty_trash()
    assert Recording.objects.filter(pk=deleted.pk).exists() == is_kept


def test_what_no_person_deleted_is_said_to_be_deleted_automatically(cast: Cast) -> None:
    recording = factories.make_recording(cast.team, "Expired")
    trash.delete(recording, actor=None)
    assert "Deleted automatically" in html(cast.alice)
    assert client_of(cast.erin).post(reverse("recording_restore", args=[recording.pk])).status_code == 403
    assert client_of(cast.alice).post(reverse("recording_restore", args=[recording.pk])).status_code == 302


def test_the_trash_of_a_team_is_emptied_by_those_who_manage_it(cast: Cast, deleted: Recording) -> None:
    elsewhere = factories.make_recording(factories.make_team("Archive", owner=cast.alice), "Kept", owner=cast.alice)
    trash.delete(elsewhere, actor=cast.alice)
    present = factories.make_recording(cast.team, "In use", owner=cast.alice)
    page = f"/?team={cast.team.slug}&state=trash"
    empty = reverse("trash_empty", args=[cast.team.slug])
    assert empty not in client_of(cast.erin).get(page).content.decode()
    assert empty in client_of(cast.alice).get(page).content.decode()
    # What is narrowed isn't all that would be deleted
    assert empty not in client_of(cast.alice).get(f"{page}&q=Old").content.decode()
    said = client_of(cast.alice).post(empty, follow=True).content.decode()
    assert "Emptied the trash: 1 recording will be gone in a minute." in said
    assert "Old meeting" not in said
    assert Activity.objects.get(verb="team:trash_emptied").actor == cast.alice

    housekeeping.empty_trash()
    assert set(Recording.objects.values_list("pk", flat=True)) == {elsewhere.pk, present.pk}


def test_an_empty_trash_is_emptied_twice_without_harm(cast: Cast) -> None:
    empty = reverse("trash_empty", args=[cast.team.slug])
    page = client_of(cast.alice).post(empty, follow=True).content.decode()
    assert "The trash is empty already." in page
    assert not Activity.objects.filter(verb="team:trash_emptied").exists()


def test_what_is_over_its_time_is_no_longer_shown(cast: Cast, deleted: Recording) -> None:
    Recording.objects.filter(pk=deleted.pk).update(deleted_at=clock.now() - trash.KEPT - timedelta(seconds=1))
    assert "Old meeting" not in html(cast.erin)
