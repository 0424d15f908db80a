"""Folders and tags: each a POST that leads back to the library."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from transcripts import access
from transcripts.models import Folder, Tag
from transcripts.services.library import folders, tags
from transcripts.views.library.leading_back import library_of
from transcripts.views.refusals import shown_on_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.models import Team
    from transcripts.models import Recording
    from transcripts.views.requests import SignedInRequest


@require_POST
@login_required
def folder_create(request: SignedInRequest, slug: str) -> HttpResponse:
    """Create a folder, and show it."""
    team = access.get_team(request.user, slug, need=access.Level.DECIDE)
    with shown_on_page(request):
        folder = folders.create(team, request.POST.get("name", ""), actor=request.user)
        return _shown(team, folder=folder.pk)
    return _back(request, team)


@require_POST
@login_required
def folder_rename(request: SignedInRequest, folder_id: int) -> HttpResponse:
    """Rename a folder."""
    folder = access.get_folder(request.user, folder_id, need=access.Level.DECIDE)
    with shown_on_page(request):
        folders.rename(folder, request.POST.get("name", ""), actor=request.user)
    return _shown(folder.team, folder=folder.pk)


@require_POST
@login_required
def folder_delete(request: SignedInRequest, folder_id: int) -> HttpResponse:
    """Delete a folder, and say that its recordings stay."""
    folder = access.get_folder(request.user, folder_id, need=access.Level.DECIDE)
    name = folder.name
    folders.delete(folder, actor=request.user)
    messages.success(request, f"Deleted the folder “{name}”. Its recordings stay in the library, outside any folder.")
    return _shown(folder.team)


@require_POST
@login_required
def tag_rename(request: SignedInRequest, tag_id: int) -> HttpResponse:
    """Rename a tag."""
    tag = access.get_tag(request.user, tag_id)
    with shown_on_page(request):
        tags.rename(tag, request.POST.get("name", ""), actor=request.user)
    return _shown(tag.team, tag=tag.pk)


@require_POST
@login_required
def tag_delete(request: SignedInRequest, tag_id: int) -> HttpResponse:
    """Delete a tag, and say that its recordings stay."""
    tag = access.get_tag(request.user, tag_id)
    name = tag.name
    tags.delete(tag, actor=request.user)
    messages.success(request, f"Deleted the tag “{name}”. Its recordings stay in the library.")
    return _shown(tag.team)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def recording_filing(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Show the folder and the tags of a recording to choose; a POST stores them."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.DECIDE)
    if request.method != "POST":
        return render(request, "pages/filing.html", _choices(recording))
    with shown_on_page(request):
        _file(request, recording)
    is_asked_there = request.POST.get("back") == "recording"
    return redirect(recording) if is_asked_there else _shown(recording.team)


def _file(request: SignedInRequest, recording: Recording) -> None:
    asked = request.POST.get("folder", "")
    folder = folders.of_team(recording.team, int(asked)) if asked.isascii() and asked.isdecimal() else None
    folders.move(recording, folder, actor=request.user)
    names = [*request.POST.getlist("tag"), *tags.names_in(request.POST.get("new_tags", ""))]
    tags.set_tags(recording, names, actor=request.user)


def _choices(recording: Recording) -> dict[str, object]:
    return {
        "recording": recording,
        "folders": Folder.objects.filter(team=recording.team).order_by("name"),
        "tags": Tag.objects.filter(team=recording.team).order_by("name"),
        "chosen": set(recording.tags.values_list("pk", flat=True)),
    }


def _shown(team: Team, **narrowed: int) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('library')}?{urlencode({'team': team.slug, **narrowed})}")


def _back(request: SignedInRequest, team: Team) -> HttpResponse:
    return redirect(library_of(request)) if library_of(request) else _shown(team)
