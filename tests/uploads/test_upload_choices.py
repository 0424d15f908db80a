"""What a person chooses for their files: folders of the team alone, and what the dialog offers and has chosen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests import factories
from tests.uploads.tus import begin, create, patch
from tests.views.conftest import client_of
from transcripts.models import Folder, ProviderAccount, Recording, TeamDefaults, Upload
from transcripts.providers.capabilities import Wishes
from transcripts.services import vocabulary
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    environment.from_environment()
    return factories.make_cast()


def options(user: User, **asked: str) -> Any:
    return client_of(user).get(reverse("upload_options"), asked)


def remember(user: User, **chosen: str) -> None:
    choice = {"language": "", "folder": "", **chosen}
    body = json.dumps({"uploads": {"": choice}})
    assert client_of(user).post(reverse("preferences"), body, content_type="application/json").status_code == 200


def test_a_recording_is_in_the_folder_that_its_upload_named(cast: Cast) -> None:
    folder = Folder.objects.create(team=cast.team, name="Court")
    client = client_of(cast.erin)
    url = begin(client, 10, filename="a.wav", team=cast.team.slug, folder=str(folder.pk))
    answer = patch(client, url, b"0123456789")
    assert (Recording.objects.get().folder, answer["Upload-Folder"]) == (folder, str(folder.pk))


def test_a_folder_that_is_deleted_while_the_file_is_sent_costs_nothing_but_the_folder(cast: Cast) -> None:
    folder = Folder.objects.create(team=cast.team, name="Court")
    client = client_of(cast.erin)
    url = begin(client, 10, filename="a.wav", team=cast.team.slug, folder=str(folder.pk))
    folder.delete()
    answer = patch(client, url, b"0123456789")
    assert Recording.objects.get().folder is None
    assert "Upload-Folder" not in answer


@pytest.mark.parametrize("named", ["other", "unknown", "-1", "x", "\u0661", "9" * 30])
def test_a_folder_of_another_team_is_like_none(cast: Cast, named: str) -> None:
    other = Folder.objects.create(team=cast.charlie.personal_team, name="Court")
    text = {"other": str(other.pk), "unknown": str(other.pk + 1)}.get(named, named)
    response = create(client_of(cast.erin), 10, filename="a.wav", team=cast.team.slug, folder=text)
    assert (response.status_code, Upload.objects.get().folder) == (201, None)
    assert "Upload-Folder" not in response


def test_the_dialog_has_the_choices_of_the_team(cast: Cast) -> None:
    Folder.objects.create(team=cast.team, name="Court")
    Folder.objects.create(team=cast.charlie.personal_team, name="Private matters")
    vocabulary.add(cast.team, vocabulary.Wish("thalweg"), actor=cast.erin)
    TeamDefaults.objects.create(team=cast.team, language="de")
    page = options(cast.erin, team=cast.team.slug)
    choices = page.context["choices"]
    assert (choices.team, choices.language, choices.terms) == (cast.team, "de", 1)
    assert [folder.name for folder in choices.folders] == ["Court"]
    assert b"Private matters" not in page.content


def test_what_was_remembered_is_chosen_while_it_is_there(cast: Cast) -> None:
    folder = Folder.objects.create(team=cast.team, name="Court")
    TeamDefaults.objects.create(team=cast.team, language="de")
    remember(cast.erin, team=cast.team.slug, language="uk", folder=str(folder.pk))
    choices = options(cast.erin).context["choices"]
    assert (choices.team, choices.language, choices.folder) == (cast.team, "uk", str(folder.pk))
    cast.team.memberships.filter(user=cast.erin).delete()
    choices = options(cast.erin).context["choices"]
    assert (choices.team, choices.language, choices.folder) == (cast.erin.personal_team, "", "")


def test_a_team_that_one_only_reads_is_not_offered(cast: Cast) -> None:
    assert options(cast.vera, team=cast.team.slug).context["choices"].team == cast.vera.personal_team


def test_wishes_come_with_the_upload_or_are_those_of_the_team(cast: Cast) -> None:
    TeamDefaults.objects.create(team=cast.team, masks_profanity=True)
    client, team = client_of(cast.erin), cast.team.slug
    create(client, team=team, languages="de,fr", separates_speakers="no", punctuates="no", filename="a.wav")
    wished = Wishes(None, ("de", "fr"), separates_speakers=False, punctuates=False, masks_profanity=True)
    assert Upload.objects.get().wishes == wished
    assert "yes" in (refused := create(client, team=team, punctuates="perhaps")).content.decode()
    assert refused.status_code == 422


def test_languages_that_the_provider_does_not_know_are_refused(cast: Cast) -> None:
    ProviderAccount.objects.update(languages=["en", "de"])
    refused = create(client_of(cast.erin), team=cast.team.slug, languages="de,uk", filename="a.wav")
    assert (refused.status_code, Upload.objects.count()) == (422, 0)
    assert "“uk” together" in refused.content.decode()
