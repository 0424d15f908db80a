"""A provider says that it is done with a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from transcripts.services import callbacks

if TYPE_CHECKING:
    from django.http import HttpRequest


@csrf_exempt
@require_POST
def provider_callback(request: HttpRequest, token: str) -> HttpResponse:
    """Have the provider asked now, by the address that it was given. What it sends isn't read: its answer is fetched.

    A submission that is over, or gone, is no error: a provider that is refused calls again and again.
    """
    try:
        callbacks.note(token)
    except callbacks.Forged:
        return HttpResponse("This address was not given to any provider.\n", status=403, content_type="text/plain")
    return HttpResponse(status=204)
