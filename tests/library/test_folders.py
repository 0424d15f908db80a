"""Folders and tags: who changes them, what they hold, and what becomes of recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts import access
from transcripts.models import Activity, Folder, Recording, Tag
from transcripts.selectors import library
from transcripts.services.errors import Refused
from transcripts.services.library import folders, tags
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast


def filed(user: User, recording: Recording, **fields: object) -> str:
    """Send the form of folder and tags; return the page that follows."""
    url = reverse("recording_filing", args=[recording.pk])
    return client_of(user).post(url, fields, follow=True).content.decode()


def test_a_folder_is_created_shown_renamed_and_deleted_and_its_recordings_stay(cast: Cast) -> None:
    client = client_of(cast.erin)
    page = client.post(reverse("folder_create", args=[cast.team.slug]), {"name": " Press  room "}, follow=True)
    folder = Folder.objects.get(name="Press room")
    assert "Nothing in this folder" in page.content.decode()
    recording = factories.make_recording(cast.team)
    folders.move(recording, folder, actor=cast.erin)
    client.post(reverse("folder_rename", args=[folder.pk]), {"name": "Podil"})
    assert Folder.objects.get().name == "Podil"
    page = client.post(reverse("folder_delete", args=[folder.pk]), follow=True)
    assert "Its recordings stay in the library, outside any folder." in page.content.decode()
    recording.refresh_from_db()
    assert recording.folder is None
    verbs = Activity.objects.order_by("pk").values_list("verb", flat=True)
    assert [*verbs] == ["folder:created", "recording:moved", "folder:renamed", "folder:deleted"]


def test_a_name_is_given_once_in_a_team_whatever_its_case(cast: Cast) -> None:
    folders.create(cast.team, "Court", actor=cast.erin)
    with pytest.raises(Refused) as refused:
        folders.create(cast.team, "COURT", actor=cast.erin)
    assert refused.value.code == "name_taken"
    page = client_of(cast.erin).post(reverse("folder_create", args=[cast.team.slug]), {"name": "court"}, follow=True)
    assert "There is a folder of this name already" in page.content.decode()
    assert folders.create(factories.make_team("Radio", owner=cast.erin), "Court", actor=cast.erin)


@pytest.mark.parametrize("name", ["", " \n ", "\0"])
def test_a_folder_has_a_name(cast: Cast, name: str) -> None:
    with pytest.raises(Refused) as refused:
        folders.create(cast.team, name, actor=cast.erin)
    assert refused.value.code == "no_name"


def test_a_recording_is_in_a_folder_of_its_own_team_alone(cast: Cast) -> None:
    other = folders.create(factories.make_team("Radio", owner=cast.erin), "Court", actor=cast.erin)
    recording = factories.make_recording(cast.team)
    with pytest.raises(Refused) as refused:
        folders.move(recording, other, actor=cast.erin)
    assert refused.value.code == "folder_of_other_team"
    url = reverse("recording_filing", args=[recording.pk])
    assert client_of(cast.erin).post(url, {"folder": other.pk}).status_code == 404
    recording.refresh_from_db()
    assert recording.folder is None


def test_the_page_of_a_recording_gives_it_a_folder_and_tags(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    folder = folders.create(cast.team, "Court", actor=cast.erin)
    page = filed(cast.erin, recording, folder=folder.pk, new_tags="dam, on the record,  DAM,", back="recording")
    assert "on the record" in page
    recording.refresh_from_db()
    assert recording.folder == folder
    assert sorted(recording.tags.values_list("name", flat=True)) == ["DAM", "on the record"]
    filed(cast.erin, recording, tag="dam")
    assert [tag.name for tag in recording.tags.all()] == ["DAM"]
    recording.refresh_from_db()
    assert recording.folder is None
    assert Tag.objects.count() == 2


def test_a_form_that_changes_nothing_leaves_no_trace(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    tags.set_tags(recording, ["dam"], actor=cast.erin)
    before = Activity.objects.count()
    filed(cast.erin, recording, tag="dam")
    assert Activity.objects.count() == before


def test_tags_of_another_team_are_not_used(cast: Cast) -> None:
    radio = factories.make_team("Radio", owner=cast.erin)
    Tag.objects.create(team=radio, name="dam")
    recording = factories.make_recording(cast.team)
    tags.set_tags(recording, ["dam"], actor=cast.erin)
    assert recording.tags.get().team == cast.team


def test_a_recording_has_no_more_tags_than_a_person_can_read(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        tags.set_tags(factories.make_recording(cast.team), map(str, range(21)), actor=cast.erin)
    assert refused.value.code == "too_many_names"
    assert not Tag.objects.exists()


def test_a_tag_is_renamed_and_deleted_and_its_recordings_stay(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    tags.set_tags(recording, ["dam", "embargoed"], actor=cast.erin)
    tag = Tag.objects.get(name="dam")
    client = client_of(cast.erin)
    page = client.post(reverse("tag_rename", args=[tag.pk]), {"name": "Embargoed"}, follow=True).content.decode()
    assert "There is a tag of this name already" in page
    client.post(reverse("tag_rename", args=[tag.pk]), {"name": "dams"})
    assert "dams" in client_of(cast.vera).get(f"/?team={cast.team.slug}").content.decode()
    client.post(reverse("tag_delete", args=[tag.pk]))
    assert [one.name for one in recording.tags.all()] == ["embargoed"]


def test_the_rail_counts_what_is_in_folders_and_has_tags_but_not_what_is_in_the_trash(cast: Cast) -> None:
    folder = folders.create(cast.team, "Court", actor=cast.erin)
    folders.create(cast.team, "Empty", actor=cast.erin)
    for number in range(3):
        recording = factories.make_recording(cast.team, f"No {number}")
        folders.move(recording, folder, actor=cast.erin)
        tags.set_tags(recording, ["dam"], actor=cast.erin)
    trash.delete(recording, actor=cast.erin)
    rail = library.page(cast.vera, library.Filters(team=cast.team.slug)).rail
    assert rail is not None
    assert [(one.name, one.count) for one in rail.folders] == [("Court", 2), ("Empty", 0)]
    assert [(one.name, one.count) for one in rail.tags] == [("dam", 2)]
    assert not rail.may_edit
    shown = library.page(cast.vera, library.Filters(team=cast.team.slug, tag=Tag.objects.get().pk))
    assert (shown.count, len(shown.rows)) == (2, 2)


def test_with_all_teams_shown_the_rail_has_no_folders(cast: Cast) -> None:
    folders.create(cast.team, "Court", actor=cast.erin)
    rail = library.page(cast.erin, library.Filters()).rail
    assert rail is not None
    assert (rail.folders, rail.tags) == ([], [])


def test_folders_of_a_team_are_nothing_to_outsiders(cast: Cast) -> None:
    folder = folders.create(cast.team, "Court", actor=cast.erin)
    recording = factories.make_recording(cast.team)
    folders.move(recording, folder, actor=cast.erin)
    assert library.page(cast.charlie, library.Filters(folder=folder.pk)).count == 0
    with pytest.raises(access.NotFound):
        access.get_folder(cast.charlie, folder.pk)
    with pytest.raises(access.NotAllowed):
        access.get_folder(cast.vera, folder.pk, need=access.Level.DECIDE)
