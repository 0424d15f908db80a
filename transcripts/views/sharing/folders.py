"""Sharing a folder: the page of sharing, for what is in the folder at the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from transcripts import access
from transcripts.services.sharing import folder_links, shares
from transcripts.views.refusals import shown_on_page
from transcripts.views.sharing import people
from transcripts.views.sharing.links import asked_options, asked_password, said_of
from transcripts.views.sharing.page import answer

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.models import Folder
    from transcripts.views.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def folder_share(request: SignedInRequest, folder_id: int) -> HttpResponse:
    """Show whom a folder is shared with; share it with those who are entered."""
    return people.share(request, _folder(request, folder_id))


@require_POST
@login_required
def folder_grant(request: SignedInRequest, folder_id: int, grant_id: int) -> HttpResponse:
    """Change a grant, or revoke it."""
    return people.change(request, _folder(request, folder_id), grant_id)


@require_POST
@login_required
def folder_links_new(request: SignedInRequest, folder_id: int) -> HttpResponse:
    """Create a link."""
    folder = _folder(request, folder_id)
    with shown_on_page(request):
        options, password = shares.Options(**_options(request)), asked_password(request)
        folder_links.create(folder, options, actor=request.user, password=password)
        messages.success(request, "Created the link.")
    return answer(request, folder, "links")


@require_POST
@login_required
def folder_link(request: SignedInRequest, folder_id: int, link_id: UUID) -> HttpResponse:
    """Change a link, renew it or revoke it, as `change` says."""
    folder = _folder(request, folder_id)
    with shown_on_page(request):
        messages.success(request, _change(request, folder, link_id))
    return answer(request, folder, "links")


def _change(request: SignedInRequest, folder: Folder, link_id: UUID) -> str:
    """Change a link; return what is said of it."""
    kind, actor = request.POST.get("change", ""), request.user
    if kind == "revoke":
        folder_links.revoke(folder, link_id, actor=actor)
    elif kind == "renew":
        folder_links.renew(folder, link_id, actor=actor)
    elif kind == "password":
        folder_links.set_password(folder, link_id, asked_password(request, must=True), actor=actor)
    else:
        folder_links.change(folder, link_id, actor=actor, **_options(request))
    return said_of(request)


def _options(request: SignedInRequest) -> dict[str, Any]:
    return {name: value for name, value in asked_options(request.POST).items() if name in folder_links.SHARED}


def _folder(request: SignedInRequest, folder_id: int) -> Folder:
    return access.get_folder(request.user, folder_id, need=access.Level.DECIDE)
