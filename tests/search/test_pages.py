"""The page of the search, and the command line of its address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import Folder

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def dams(cast: Cast) -> Transcript:
    recording = factories.make_recording(cast.team, "The silt report", owner=cast.alice)
    return factories.make_transcript(recording, [("Dr Hale", f"The silt <b>{n}</b>.") for n in range(5)])


def html(user: User, query: str, **headers: str) -> str:
    return client_of(user).get(f"/search/?{query}", headers=headers).content.decode()


def test_a_result_has_its_moments_with_times_hits_and_links(cast: Cast, dams: Transcript) -> None:
    page = html(cast.vera, "q=silt")
    assert "5 moments in 1 recording, 1 title." in page
    assert "The <mark>silt</mark> report" in page
    assert "&lt;b&gt;0&lt;/b&gt;" in page
    assert f'href="{dams.get_absolute_url()}#t=0:01"' in page
    assert f'data-media="{reverse("recording_media", args=[dams.recording_id])}"' in page
    assert "2 more in this recording" in page


def test_more_of_a_recording_is_a_fragment(cast: Cast, dams: Transcript) -> None:
    address = reverse("search_moments", args=[dams.recording_id])
    fragment = client_of(cast.vera).get(f"{address}?q=silt").content.decode()
    assert fragment.count("data-moment") == 5
    assert f'id="moments-{dams.recording_id}"' in fragment
    assert client_of(cast.charlie).get(f"{address}?q=silt").status_code == 404


def test_the_results_alone_are_sent_to_a_page_that_asks_for_them(cast: Cast, dams: Transcript) -> None:
    part = html(cast.vera, "q=silt", HX_Request="true", HX_Target="search-results")
    assert part.lstrip().startswith('<section id="search-results"')


def test_the_empty_page_says_what_to_try(cast: Cast, dams: Transcript) -> None:
    assert "Use “quotes” for a phrase" in html(cast.vera, "")
    assert "Add a word to search for" in html(cast.vera, "q=-silt")
    nothing = html(cast.vera, "q=tallvague&state=mine")
    assert "No recordings match" in nothing
    assert 'href="/search/?q=tallvague"' in nothing
    assert re.search(r'href="\?q=hale">hale</a>\s*\.', html(cast.vera, "q=hael"))


def test_other_forms_are_named_with_a_way_back(cast: Cast, dams: Transcript) -> None:
    factories.make_transcript(factories.make_recording(cast.team, "Basin"), [("A", "The silting.")])
    page = html(cast.vera, "q=silt")
    assert "“silting”" in page
    assert "?q=silt&amp;exact=1" in page
    assert "Exact words only." in html(cast.vera, "q=silt&exact=1")


def test_folders_of_ones_teams_are_offered_and_no_others(cast: Cast, dams: Transcript) -> None:
    Folder.objects.create(team=cast.team, name="Court")
    assert "Court" in html(cast.vera, "q=silt")
    assert "Court" not in html(cast.charlie, "q=silt")


@pytest.mark.parametrize(
    "query",
    [
        "folder=x&tag=-1&since=no&until=2026-13-01",
        "folder=99999999999999999999999",
        "order=x&state=failed",
        "before=a.b",
    ],
)
def test_filters_that_make_no_sense_count_as_none(cast: Cast, dams: Transcript, query: str) -> None:
    assert "The <mark>silt</mark> report" in html(cast.vera, f"q=silt&{query}")


def test_the_library_leads_to_the_search(cast: Cast) -> None:
    page = client_of(cast.vera).get("/").content.decode()
    assert '<form class="search" role="search" action="/search/">' in page


def test_signed_out_and_guests_find_nothing(cast: Cast, dams: Transcript) -> None:
    from django.test import Client

    assert Client().get("/search/?q=silt").status_code == 302
