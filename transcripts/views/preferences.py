"""A person's settings, stored by the page on which they change them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from accounts import preferences
from transcripts.views.refusals import as_problem, problem
from transcripts.views.requests import body_of

if TYPE_CHECKING:
    from transcripts.views.requests import SignedInRequest

MOST_BYTES = 64 * 1024


@require_POST
@login_required
@as_problem
def change(request: SignedInRequest) -> JsonResponse:
    """Change the settings that the JSON object names; answer with all of them."""
    try:
        body = body_of(request)
        if len(body) > MOST_BYTES:
            raise preferences.Invalid("These settings are too large to store.")
        return JsonResponse(preferences.change(request.user, json.loads(body)))
    except preferences.Invalid as error:
        return problem(400, "malformed", str(error))
    except (ValueError, RecursionError):
        return problem(400, "malformed", "Settings are sent as a JSON object of names and values.")
