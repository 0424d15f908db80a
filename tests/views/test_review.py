"""The review of a transcript over HTTP: forms that work without scripts, and JSON for those that do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import Assignment, Claim, Transcript
from transcripts.models.choices import TranscriptStatus
from transcripts.services.transcript.review import claims, status

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from accounts.models import User
    from tests.factories import Cast

JSON = {"Accept": "application/json"}


@pytest.fixture
def reviewed(cast: Cast) -> Transcript:
    """A transcript in review, with one doubtful word."""
    transcript = factories.make_transcript(factories.make_recording(cast.team))
    status.move(transcript, TranscriptStatus.IN_REVIEW, actor=cast.erin)
    return transcript


def post(user: User, name: str, transcript: Transcript, *args: Any, **asked: Any) -> HttpResponseBase:
    headers = asked.pop("headers", {})
    return client_of(user).post(reverse(name, args=[transcript.pk, *args]), asked, headers=headers)


def now(transcript: Transcript) -> str:
    return Transcript.objects.get(pk=transcript.pk).status


def test_a_form_asks_about_doubtful_words_on_a_page_of_its_own(cast: Cast, reviewed: Transcript) -> None:
    page = client_of(cast.alice).post(reverse("transcript_status", args=[reviewed.pk]), {"to": "approved", "seq": "1"})
    html = page.content.decode()
    assert "1 doubtful word is not reviewed yet" in html
    assert 'name="doubts" value="1"' in html
    assert now(reviewed) == "in_review"
    answer = post(cast.alice, "transcript_status", reviewed, to="approved", seq="1", doubts="1")
    assert (answer.status_code, now(reviewed)) == (302, "approved")


def test_a_script_gets_the_count_it_has_to_ask_about(cast: Cast, reviewed: Transcript) -> None:
    answer: Any = post(cast.alice, "transcript_status", reviewed, to="approved", seq="1", headers=JSON)
    assert (answer.status_code, answer.json()["code"], answer.json()["count"]) == (409, "confirm_doubtful", 1)
    done: Any = post(cast.alice, "transcript_status", reviewed, to="approved", seq="1", doubts="1", headers=JSON)
    assert done.json()["review"]["status"] == "approved"


def test_a_form_that_was_too_late_says_so_on_the_page(cast: Cast, reviewed: Transcript) -> None:
    status.move(reviewed, TranscriptStatus.DRAFT, actor=cast.erin)
    client = client_of(cast.alice)
    page = client.post(reverse("transcript_status", args=[reviewed.pk]), {"to": "draft"}, follow=True)
    assert "Someone else has changed the status" in page.content.decode()


@pytest.mark.parametrize("to", ["", "published", "\0"])
def test_a_status_that_there_is_not_is_refused(cast: Cast, reviewed: Transcript, to: str) -> None:
    answer: Any = post(cast.alice, "transcript_status", reviewed, to=to, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize(
    ("due_on", "code", "assigned"),
    [("2027-01-15", 200, 1), ("", 200, 1), ("15 January", 422, 0), ("2027-13-01", 422, 0)],
)
def test_a_review_is_assigned_by_a_date_that_can_be_read(
    cast: Cast, reviewed: Transcript, due_on: str, code: int, assigned: int
) -> None:
    answer = post(cast.alice, "transcript_assignment", reviewed, assignee=cast.erin.pk, due_on=due_on, headers=JSON)
    assert (answer.status_code, Assignment.objects.count()) == (code, assigned)


def test_no_one_is_assigned_by_an_empty_choice(cast: Cast, reviewed: Transcript) -> None:
    post(cast.alice, "transcript_assignment", reviewed, assignee=cast.erin.pk)
    post(cast.alice, "transcript_assignment", reviewed, assignee="")
    assert not Assignment.objects.exists()


def test_a_stretch_is_claimed_renewed_and_released(cast: Cast, reviewed: Transcript) -> None:
    keys = list(reviewed.segments.values_list("key", flat=True))
    answer: Any = post(cast.erin, "transcript_claims", reviewed, **{"from": keys[0], "to": keys[-1]})
    (claim,) = answer.json()["review"]["claims"]
    assert (claim["from"], claim["to"], claim["user"]) == (keys[0], keys[-1], cast.erin.pk)
    assert post(cast.erin, "claim_renew", reviewed, claim["id"]).status_code == 200
    late: Any = post(cast.alice, "transcript_claims", reviewed, **{"from": keys[0], "to": keys[0]})
    assert (late.status_code, late.json()["code"]) == (409, "claimed")
    assert post(cast.erin, "claim_release", reviewed, claim["id"]).status_code == 200
    assert not Claim.objects.exists()


def test_an_editor_does_not_release_the_claim_of_another(cast: Cast, reviewed: Transcript) -> None:
    key = reviewed.segments.all()[0].key
    claim = claims.claim(reviewed, key, key, actor=cast.alice)
    assert post(cast.erin, "claim_release", reviewed, claim.pk).status_code == 403
    assert Claim.objects.exists()


def test_the_parts_of_the_header_are_what_each_person_can_do(cast: Cast, reviewed: Transcript) -> None:
    url = reverse("transcript_review", args=[reviewed.pk])
    editors, viewers = (client_of(who).get(url).content.decode() for who in (cast.erin, cast.vera))
    assert all(part in html for html in (editors, viewers) for part in ('id="review"', 'id="approval"', "In review"))
    assert "<button" in editors
    assert "<button" not in viewers
