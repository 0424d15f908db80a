"""The console's pages of costs and accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from transcripts.selectors.accuracy import ledger
from transcripts.selectors.costs import usage

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def usage_page(request: HttpRequest) -> HttpResponse:
    """Show what all teams sent and what it cost."""
    shown = {**admin.site.each_context(request), "title": "Usage and cost", "totals": usage.of_all()}
    return render(request, "admin/ledger/usage.html", shown)


@require_safe
def usage_csv(request: HttpRequest) -> HttpResponse:
    """Send all months as a table."""
    return as_table(usage.as_csv(), "usage.csv")


@require_safe
def accuracy_page(request: HttpRequest) -> HttpResponse:
    """Show how right machines were."""
    shown = {**admin.site.each_context(request), "title": "Accuracy", "ledger": ledger.of()}
    return render(request, "admin/ledger/accuracy.html", shown)


def as_table(text: str, name: str) -> HttpResponse:
    """Answer with a CSV file."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
