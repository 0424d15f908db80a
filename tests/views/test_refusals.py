"""What can't be done now is said once, in the way of the surface that asked."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from django.test import RequestFactory

from tests.environment import ROOT
from transcripts import access
from transcripts.services.errors import NoProvider, Refused
from transcripts.views.refusals import RefusalMiddleware, as_problem
from transcripts.views.uploads import tus

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

REFUSED = Refused("job_running", "This recording is already being transcribed.")


def raising(error: Exception) -> HttpResponse:
    @as_problem
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view(RequestFactory().post("/"))


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (REFUSED, 422, "job_running"),
        (Refused("segment_changed", "Someone else changed this segment."), 409, "segment_changed"),
        (access.NotAllowed("You have view-only access."), 403, "not_allowed"),
        (access.NotFound(), 404, "not_found"),
    ],
)
def test_programs_get_problem_details(error: Exception, status: int, code: str) -> None:
    answer = raising(error)
    problem = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.django_db
def test_a_refusal_that_no_view_renders_becomes_a_page(client: object) -> None:
    request = RequestFactory().post("/")
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    answer = RefusalMiddleware(lambda _: None).process_exception(request, REFUSED)  # type: ignore[arg-type]
    assert answer is not None
    assert answer.status_code == 422
    assert "This recording is already being transcribed." in answer.content.decode()


def test_faults_are_no_refusals() -> None:
    answer = RefusalMiddleware(lambda _: None).process_exception(  # type: ignore[arg-type]
        RequestFactory().get("/"), ZeroDivisionError()
    )
    assert answer is None


def test_no_provider_is_a_refusal_with_a_code() -> None:
    assert NoProvider("Set one up.").code == "no_provider"


def test_every_code_is_documented() -> None:
    """The codes that services raise, and those that tus maps, are listed in docs/refusals.md."""
    listed = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "refusals.md").read_text(), flags=re.MULTILINE))
    raised: set[str] = set()
    for path in (ROOT / "transcripts").rglob("*.py"):
        text = path.read_text()
        raised |= set(re.findall(r"(?:Refused|__init__)\(\s*\"(\w+)\"", text))
        raised |= set(re.findall(r"upload_code = \"(\w+)\"", text)) - {"upload"}
        raised |= set(re.findall(r"problem\(\d+, \"(\w+)\"", text))
    assert tus.STATUS_OF.keys() <= listed
    assert raised == listed
