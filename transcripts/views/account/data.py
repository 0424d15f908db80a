"""A person's own data, and the end of their account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.self_service import deletion
from transcripts import access, clock
from transcripts.models import AccountExport
from transcripts.models.choices import ExportStatus
from transcripts.services import storage
from transcripts.services.exports import account_data
from transcripts.views.account.recent_sign_in import recent_sign_in_required
from transcripts.views.refusals import shown_on_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from transcripts.views.requests import SignedInRequest


@require_POST
@login_required
def export(request: SignedInRequest) -> HttpResponse:
    """Have a worker put the person's data together."""
    with shown_on_page(request):
        account_data.request(request.user)
        messages.success(request, "Your data is being put together. We’ll write to you when it is ready.")
    return redirect("account")


@require_safe
@login_required
@recent_sign_in_required
def download(request: SignedInRequest, export_id: UUID) -> HttpResponseBase:
    """Send the file to the person it is about."""
    mine = AccountExport.objects.filter(pk=export_id, user=request.user, expires_at__gt=clock.now())
    ready = mine.filter(status=ExportStatus.READY).first()
    if ready is None:
        raise access.NotFound
    return FileResponse(
        storage.path_of(ready.storage_name).open("rb"),
        as_attachment=True,
        filename="Verbatim data.zip",
        content_type="application/zip",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_required
def delete(request: SignedInRequest) -> HttpResponse:
    """Say what deletion does, or do it."""
    if request.method == "POST":
        try:
            deletion.close(request.user)
        except (deletion.LastOwner, deletion.LastAdministrator):
            return redirect("account_delete")
        logout(request)
        return render(request, "account/deleted.html", {"days": deletion.RESTORABLE.days})
    context = {
        "hand_over": deletion.teams_to_hand_over(request.user),
        "is_last_administrator": deletion.is_last_administrator(request.user),
        "ending": deletion.teams_of_one(request.user),
        "days": deletion.RESTORABLE.days,
    }
    return render(request, "account/delete.html", context)
