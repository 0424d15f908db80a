"""Filters that a person saves under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import SavedFilter
from transcripts.selectors import library
from transcripts.services.errors import Refused
from transcripts.services.library import saved_filters

if TYPE_CHECKING:
    from tests.factories import Cast


def test_a_filter_is_saved_shown_renamed_and_removed(cast: Cast) -> None:
    client = client_of(cast.erin)
    query = "state=review&sort=due&team=newsroom&after=x&nonsense=1"
    page = client.post(reverse("filter_save"), {"name": "My week", "query": query}, follow=True)
    saved = SavedFilter.objects.get()
    assert (saved.query, saved.user) == ("team=newsroom&state=review&sort=due", cast.erin)
    assert page.request["QUERY_STRING"] == saved.query
    assert "My week" in page.content.decode()
    assert "My week" not in client_of(cast.alice).get("/").content.decode()
    client.post(reverse("filter_rename", args=[saved.pk]), {"name": "This week"})
    assert SavedFilter.objects.get().name == "This week"
    client.post(reverse("filter_remove", args=[saved.pk]))
    assert not SavedFilter.objects.exists()


def test_a_name_is_one_filter_of_a_person(cast: Cast) -> None:
    saved_filters.save(cast.erin, "Mine", "team=&state=mine")
    with pytest.raises(Refused) as refused:
        saved_filters.save(cast.erin, "MINE", "team=&state=review")
    assert refused.value.code == "name_taken"
    assert saved_filters.save(cast.alice, "Mine", "team=&state=mine")
    page = client_of(cast.erin).post(reverse("filter_save"), {"name": "mine"}, follow=True).content.decode()
    assert "There is a saved filter of this name already" in page


def test_a_person_has_no_more_than_the_rail_can_show(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_filters, "MOST_FILTERS", 1)
    saved_filters.save(cast.erin, "Mine", "team=&state=mine")
    with pytest.raises(Refused) as refused:
        saved_filters.save(cast.erin, "Others", "team=&state=review")
    assert refused.value.code == "too_many_names"


def test_saving_is_offered_for_what_is_narrow_and_not_saved_yet(cast: Cast) -> None:
    factories.make_recording(cast.team)
    client = client_of(cast.erin)
    assert "save-filter" not in client.get("/").content.decode()
    assert "save-filter" in client.get("/?state=review").content.decode()
    saved_filters.save(cast.erin, "Review", library.Filters(state="review").query)
    assert "save-filter" not in client.get("/?team=&state=review").content.decode()
