"""The page of drills: begin one, watch what becomes of the instance, end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.shortcuts import render
from django.views.decorators.http import require_safe

from transcripts.selectors import operations
from transcripts.views.operations.operators import OperatorRequest, operators_only

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@operators_only
def drill(request: OperatorRequest) -> HttpResponse:
    """Say what a drill does, and offer one to superusers."""
    context = {**admin.site.each_context(request), "title": "Drill", "now": operations.overview()}
    return render(request, "operations/drill.html", context)


@require_safe
@operators_only
def drill_now(request: OperatorRequest) -> HttpResponse:
    """Show only what changes by the second."""
    return render(request, "operations/_drill.html", {"now": operations.overview()})
