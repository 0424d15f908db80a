"""What monitoring asks: metrics for Prometheus, and whether the instance is ready."""

from __future__ import annotations

import hmac
import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from transcripts.selectors.monitoring import metrics as selector
from transcripts.selectors.monitoring import readiness

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Send the metrics to those who may scrape; there is nothing here for anyone else."""
    if not can_scrape(request):
        raise Http404
    return HttpResponse(selector.text(), content_type=CONTENT_TYPE_LATEST)


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if the instance can do its work, else 503, in both cases with what was looked at."""
    found = readiness.checks()
    is_ready = all(check.is_ok for check in found)
    said = [{"name": check.name, "ok": check.is_ok, "problem": check.problem} for check in found]
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", "checks": said}, status=200 if is_ready else 503
    )


def can_scrape(request: HttpRequest) -> bool:
    """Tell whether a request has METRICS_TOKEN or, without one, comes from this machine to an instance of its own.

    Behind a proxy every request comes from its address, so without a token an instance that has any other name, or
    that others can reach, is not scraped at all.
    """
    if settings.METRICS_TOKEN:
        said = request.headers.get("Authorization", "").encode()
        return hmac.compare_digest(said, f"Bearer {settings.METRICS_TOKEN}".encode())
    if not settings.IS_LOCAL or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
