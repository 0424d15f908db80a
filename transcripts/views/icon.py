"""The icon that browsers ask for by a fixed name, whatever a page says."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(max_age=86_400, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    """Answer with the icon of the pages."""
    return HttpResponse(_drawing(), content_type="image/svg+xml")


@cache
def _drawing() -> bytes:
    drawing: bytes = (settings.BASE_DIR / "static" / "favicon.svg").read_bytes()
    return drawing
