"""The page of a link to a folder: its recordings, each with a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from transcripts import access
from transcripts.models import Recording
from transcripts.selectors.guests import folder as selector
from transcripts.services.sharing import folder_links, shares
from transcripts.views.guests.entering import ask_password, private, show_gone

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@require_http_methods(["GET", "HEAD", "POST"])
def guest_folder(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what is in a folder, after its password; members are led to their own library."""
    return private(_answer(request, token))


@require_safe
def guest_folder_recording(request: HttpRequest, token: str, recording_id: UUID) -> HttpResponseBase:
    """Lead to a recording of the folder, by a link that it has for guests of this one."""
    return private(_lead(request, token, recording_id))


def _answer(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        link = access.get_folder_link(token)
    except access.NotFound:
        return show_gone(request)
    user = request.user
    if user.is_authenticated and "preview" not in request.GET and access.folders_of(user).contains(link.folder):
        return redirect(link.folder)
    if not shares.is_open_to(link, request.session):
        return ask_password(request, link, opens="guest_folder")
    if request.method == "POST":
        return redirect("guest_folder", token)
    return render(request, "pages/guest_folder.html", {"page": selector.page_of(link)})


def _lead(request: HttpRequest, token: str, recording_id: UUID) -> HttpResponseBase:
    try:
        link = access.get_folder_link(token)
    except access.NotFound:
        return show_gone(request)
    if not shares.is_open_to(link, request.session):
        return redirect("guest_folder", token)
    recording = Recording.objects.filter(pk=recording_id, folder=link.folder, deleted_at=None).first()
    if recording is None:
        return show_gone(request)
    return redirect("guest", folder_links.share_of(link, recording).token)
