"""The question that a page asks before it uploads files: which of them the team has already."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from transcripts import access
from transcripts.selectors.uploads.known_files import known
from transcripts.views.refusals import as_problem, problem
from transcripts.views.requests import body_of

if TYPE_CHECKING:
    from transcripts.views.requests import SignedInRequest

MOST = 500
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
MALFORMED = "Fingerprints are sent as a JSON object: “team” and a list “fingerprints” of at most 500."


@require_POST
@login_required
@as_problem
def known_files(request: SignedInRequest) -> JsonResponse:
    """Answer with those of the fingerprints that the team has, each with its recording."""
    try:
        asked = json.loads(body_of(request))
    except (ValueError, RecursionError):
        asked = None
    if not _is_question(asked):
        return problem(400, "malformed", MALFORMED)
    team = access.get_upload_team(request.user, asked["team"])
    return JsonResponse({"known": known(request.user, team, asked["fingerprints"])})


def _is_question(asked: Any) -> bool:
    if not isinstance(asked, dict) or not isinstance(asked.get("team"), str) or "\0" in asked["team"]:
        return False
    prints = asked.get("fingerprints")
    return isinstance(prints, list) and len(prints) <= MOST and all(map(_is_fingerprint, prints))


def _is_fingerprint(text: Any) -> bool:
    return isinstance(text, str) and FINGERPRINT.fullmatch(text) is not None
