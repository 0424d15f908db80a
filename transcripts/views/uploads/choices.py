"""The dialog in which a person says what is to become of the files that they upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from transcripts.selectors.uploads.choices import choices_of

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from transcripts.views.requests import SignedInRequest

LONGEST_NUMBER = 15


@require_safe
@login_required
def upload_options(request: SignedInRequest) -> HttpResponse:
    """Show the choices: those of the team that the form names, else those that the person has remembered."""
    team = request.GET.get("team", "")
    return render(request, "_partials/upload_form.html", {"choices": choices_of(request.user, team)})


def said_in(form: QueryDict) -> dict[str, str]:
    """Return what a form says by its names; several languages that are checked are listed with commas."""
    listed = {"languages": ",".join(map(str, form.getlist("languages")))} if "languages" in form else {}
    return {name: str(form[name]) for name in form} | listed


def folder_id(text: str) -> int | None:
    """Read the number of a folder; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None
