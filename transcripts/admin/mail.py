"""Mail in the console: what was sent, what waits and why, and what to read if there is no mail server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from accounts.mail import delivery
from accounts.models import Mail
from transcripts.admin.base import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin[Mail]):
    """Mail, newest first. Its links sign people in, so that only superusers see it."""

    list_display = ("subject", "to", "status", "attempts", "error", "next_attempt_at", "created_at", "sent_at")
    list_filter = ("status",)
    search_fields = ("to", "subject")
    ordering = ("-created_at", "-pk")
    exclude = ("html",)
    actions = ("send_again",)

    def has_view_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        """Show mail to superusers alone: the link in one could reset a superuser's password."""
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))

    @admin.action(description="Send again", permissions=["view"])
    def send_again(self, request: HttpRequest, mails: QuerySet[Mail]) -> None:
        """Send what failed, and what was kept while there was no mail server."""
        count = delivery.send_again(mails)
        left = mails.count() - count
        self.message_user(request, f"Sending {count} {'mail' if count == 1 else 'mails'} again. {left} left alone.")
