"""What a person was told of, and how they want to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import preferences
from transcripts.models import Notification
from transcripts.models.choices import NotificationKind
from transcripts.selectors.account import notifications as selector
from transcripts.services import notifications

if TYPE_CHECKING:
    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest


@require_safe
@login_required
def notification_list(request: SignedInRequest) -> HttpResponse:
    """Show a person's notifications; to a part of a page, how many are unread."""
    if request.htmx.target == "bell":
        return render(request, "_partials/bell.html")
    return render(request, "pages/notifications.html", {"entries": selector.newest(request.user)})


@require_safe
@login_required
def notification(request: SignedInRequest, notification_id: int) -> HttpResponse:
    """Lead to what a notification is about; it is read then."""
    found = get_object_or_404(Notification, pk=notification_id, user=request.user, is_shown=True)
    notifications.mark_read(request.user, found.pk)
    return redirect(selector.target_of(found))


@require_POST
@login_required
def notifications_read(request: SignedInRequest) -> HttpResponse:
    """Mark all as read."""
    notifications.mark_read(request.user)
    return redirect("notifications")


@require_POST
@login_required
def notification_wishes(request: SignedInRequest) -> HttpResponse:
    """Store how a person wants to be told of each kind."""
    form = request.POST
    mails = {kind: form.get(f"mail-{kind}", "off") for kind in NotificationKind.values}
    wishes = {
        kind: {"page": f"page-{kind}" in form, "mail": mail if mail in preferences.MAIL_CHOICES else "off"}
        for kind, mail in mails.items()
    }
    preferences.change(request.user, {"notify": wishes})
    messages.success(request, "Saved.")
    return redirect("account")
