"""Partials: one root element each, whose id is the target it replaces."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of

if TYPE_CHECKING:
    from tests.factories import Cast

VOID = {"input", "use", "path", "br", "img", "meta", "link", "source"}


class Roots(HTMLParser):
    """Collects the elements that stand at the top."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.roots: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append(dict(attrs))
        if tag not in VOID:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth -= 1


def roots(html: str) -> list[dict[str, str | None]]:
    parser = Roots()
    parser.feed(html)
    assert parser.depth == 0
    return parser.roots


@pytest.fixture
def recording_id(cast: Cast) -> str:
    recording = factories.make_recording(cast.team, owner=cast.alice)
    factories.make_job(recording, stage="waiting")
    return str(recording.pk)


@pytest.mark.parametrize("name", ["library", "recording_row", "recording_status"])
def test_a_part_that_lives_is_replaced_by_itself(cast: Cast, recording_id: str, name: str) -> None:
    target = {"library": "library-list", "recording_status": "recording-status"}.get(name, f"recording-{recording_id}")
    url = reverse(name) if name == "library" else reverse(name, args=[recording_id])
    html = client_of(cast.alice).get(url, headers={"HX-Request": "true", "HX-Target": target}).content.decode()
    (root,) = roots(html)
    assert root["id"] == target
    # The page asks the same address again for the same part.
    assert root["data-href"] == url


def test_a_new_title_replaces_the_title(cast: Cast, recording_id: str) -> None:
    url = reverse("recording_rename", args=[recording_id])
    response = client_of(cast.erin).post(
        url, {"title": "A better title"}, headers={"HX-Request": "true", "HX-Target": "naming"}
    )
    html = response.content.decode()
    (root,) = roots(html)
    assert root["id"] == "naming"
    assert "A better title" in html
    assert 'hx-target="#naming"' in html


def test_the_search_replaces_its_results(cast: Cast) -> None:
    html = client_of(cast.alice).get("/search/").content.decode()
    targets = set(re.findall(r'hx-target="#([\w-]+)"', html))
    assert targets == {"shell", "search-results"}
    assert all(f'id="{target}"' in html for target in targets)


def test_going_back_in_history_gets_the_whole_page(cast: Cast) -> None:
    headers = {"HX-Request": "true", "HX-Target": "library-list", "HX-History-Restore-Request": "true"}
    response = client_of(cast.alice).get("/", headers=headers)
    assert "<html" in response.content.decode()
    assert "HX-Target" in response["Vary"]
