"""Review in the library: which filters there are, what a row says, and in how many queries."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.models.choices import CommentKind, TranscriptStatus
from transcripts.selectors import library
from transcripts.services.transcript.comments import threads
from transcripts.services.transcript.review import approval, assignments, status

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import Comment, Transcript


def make(cast: Cast, title: str, *, owner: User | None = None) -> Transcript:
    return factories.make_transcript(factories.make_recording(cast.team, title, owner=owner or cast.erin))


@pytest.fixture
def library_of(cast: Cast) -> dict[str, Transcript]:
    """A draft of Alice's, one in review, one approved, and a draft that Vera's team wants from Alice by a day."""
    made = {name: make(cast, name) for name in ("Reviewing", "Approved", "Assigned")}
    made["Draft"] = make(cast, "Draft", owner=cast.alice)
    for name in ("Reviewing", "Approved"):
        status.move(made[name], TranscriptStatus.IN_REVIEW, actor=cast.erin)
    approval.approve(made["Approved"], actor=cast.alice, seq=1, known_doubts=9)
    assignments.assign(made["Assigned"], cast.alice.pk, due_on=date(2020, 1, 3), actor=cast.erin)
    return made


def page(user: User, query: str) -> str:
    return client_of(user).get(f"/?{query}").content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=mine", {"Draft", "Assigned"}),
        ("state=review", {"Reviewing", "Assigned"}),
        ("state=approved", {"Approved"}),
        ("state=approved&q=review", set()),
    ],
)
def test_a_filter_leaves_what_it_says(
    cast: Cast, library_of: dict[str, Transcript], query: str, shown: set[str]
) -> None:
    html = page(cast.alice, query)
    assert {title for title in library_of if f">{title}</a>" in html} == shown


def test_each_filter_says_how_many_it_has(cast: Cast, library_of: dict[str, Transcript]) -> None:
    html = page(cast.alice, "state=working")
    found = dict(re.findall(r'id="state-(mine|review|approved)".*?<span class="n num">(\d+)</span>', html, re.DOTALL))
    assert found == {"mine": "2", "review": "2", "approved": "1"}
    counts = library.page(cast.vera, library.Filters()).counts
    assert counts == {"mine": 0, "review": 2, "approved": 1, "shared": 0, "trash": 0}
    assert set(library.page(cast.charlie, library.Filters()).counts.values()) == {0}


def test_only_the_newest_transcript_counts(cast: Cast, library_of: dict[str, Transcript]) -> None:
    factories.make_transcript(library_of["Approved"].recording)
    assert library.page(cast.vera, library.Filters()).counts["approved"] == 0


def test_a_row_says_status_share_reviewer_and_due_date(cast: Cast, library_of: dict[str, Transcript]) -> None:
    def row(name: str) -> str:
        url = reverse("recording_row", args=[library_of[name].recording_id])
        return " ".join(re.sub(r"<[^>]+>", " ", client_of(cast.vera).get(url).content.decode()).split())

    assert "Approved by Alice Adams" in row("Approved")
    assert "In review 0% reviewed" in row("Reviewing")
    assert "Alice Adams overdue since 3 Jan 2020" in row("Assigned")


def test_a_row_says_what_there_is_to_answer_and_what_of_it_asks_the_reader(
    cast: Cast, library_of: dict[str, Transcript]
) -> None:
    def row(reader: User) -> str:
        url = reverse("recording_row", args=[library_of["Draft"].recording_id])
        return " ".join(re.sub(r"<[^>]+>", " ", client_of(reader).get(url).content.decode()).split())

    def comment(body: str, parent: Comment | None = None) -> Comment:
        draft = threads.Draft(body=body, at_ms=0, parent=parent.pk if parent else None)
        return threads.add(library_of["Draft"], uuid4(), draft, actor=cast.erin)

    first, second = comment("Is this right, @Alice?"), comment("Check the date.")
    comment("@Vera, you were there.", second)
    highlight = threads.Draft(kind=CommentKind.HIGHLIGHT, at_ms=0)
    threads.add(library_of["Draft"], uuid4(), highlight, actor=cast.erin)
    assert "2 comments 1 for you" in row(cast.alice)
    assert "2 comments 1 for you" in row(cast.vera)
    assert "for you" not in row(cast.erin)
    threads.settle(second, is_resolved=True, actor=cast.erin)
    assert "1 comment " in row(cast.vera)
    assert "for you" not in row(cast.vera)
    threads.remove(first, actor=cast.erin)
    assert "comment" not in row(cast.alice)


@pytest.mark.parametrize("state", ["all", "mine", "review", "approved"])
def test_a_page_takes_at_most_eight_queries(
    cast: Cast,
    library_of: dict[str, Transcript],
    django_assert_max_num_queries: DjangoAssertNumQueries,
    state: str,
) -> None:
    with django_assert_max_num_queries(8):
        assert library.page(cast.alice, library.Filters(state=state)).rows
