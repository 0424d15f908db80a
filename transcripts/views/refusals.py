"""How pages, htmx parts and JSON answers render what a service refuses and what `access` denies."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django.views.defaults import page_not_found

from transcripts import access
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponse

# Codes that mean something else than 422 to a program.
STATUS_OF = {
    "segment_changed": 409,
    "status_changed": 409,
    "transcript_changed": 409,
    "confirm_doubtful": 409,
    "claimed": 409,
    "subtitle_changed": 409,
    "busy": 503,
}


@contextmanager
def shown_on_page(request: HttpRequest) -> Iterator[None]:
    """Show a refusal on the next page that the person sees, as after a form that leads back to where it was."""
    try:
        yield
    except Refused as refusal:
        messages.error(request, str(refusal))


def as_problem(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer refusals of a JSON view as problem details (RFC 9457), with our `code` beside them."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except access.NeedsSecondStep as refusal:
            return problem(403, "second_step", str(refusal))
        except access.NotFound:
            return problem(404, "not_found", "This doesn’t exist, or you don’t have access to it.")
        except access.NotAllowed as refusal:
            return problem(403, "not_allowed", str(refusal))
        except Refused as refusal:
            return problem(STATUS_OF.get(refusal.code, 422), refusal.code, str(refusal), **refusal.more)

    return answered


def problem(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    """Return problem details (RFC 9457); `code` is one of docs/refusals.md, `more` are members of that problem."""
    content = {"title": code.replace("_", " ").capitalize(), "status": status, "detail": detail, "code": code, **more}
    return JsonResponse(content, status=status, content_type="application/problem+json")


class RefusalMiddleware(MiddlewareMixin):
    """Turns what no view has rendered itself into pages and htmx parts."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer refusals; leave everything else alone."""
        if isinstance(error, access.NeedsSecondStep):
            return _to_second_step(request, error)
        if isinstance(error, access.NotFound):
            return page_not_found(request, Http404())
        if isinstance(error, access.NotAllowed):
            return render(request, "403.html", {"sentence": str(error)}, status=403)
        if isinstance(error, Refused):
            return render(request, "refused.html", {"sentence": str(error)}, status=STATUS_OF.get(error.code, 422))
        return None


def _to_second_step(request: HttpRequest, error: access.NeedsSecondStep) -> HttpResponse:
    """Lead a person who opens a page to where two-step sign-in is set up; answer anything else with 403."""
    if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        messages.error(request, str(error))
        return redirect(f"{reverse('account')}#two-step")
    return render(request, "403.html", {"sentence": str(error)}, status=403)
