"""How people sign in, in the console: sessions, second steps and identities, to end or to remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin

from transcripts.admin.base import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

# allauth's own pages show secrets and search a field that our users don't have. Providers are configured in
# OIDC_PROVIDERS alone, and their tokens aren't stored.
admin.site.unregister([UserSession, Authenticator, SocialAccount, SocialApp, SocialToken])


@admin.register(UserSession)
class SessionAdmin(ReadOnlyAdmin[Any]):
    """Where people are signed in."""

    list_display = ("user", "ip", "user_agent", "created_at", "last_seen_at")
    search_fields = ("user__email", "ip")
    list_select_related = ("user",)
    exclude = ("data",)
    actions = ("sign_out",)

    def has_sign_out_permission(self, request: HttpRequest) -> bool:
        """Let those who can change people sign them out."""
        return bool(request.user.has_perm("accounts.change_user"))

    @admin.action(description="Sign out selected sessions", permissions=["sign_out"])
    def sign_out(self, request: HttpRequest, sessions: QuerySet[Any]) -> None:
        """End these sessions; their sockets close within five seconds."""
        for session in sessions:
            session.end()
        self.message_user(request, "Signed out.")


@admin.register(Authenticator)
class SecondStepAdmin(ReadOnlyAdmin[Any]):
    """Passkeys, authenticator apps and recovery codes, to remove those that a person lost; secrets aren’t shown."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__email",)
    list_select_related = ("user",)
    exclude = ("data",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let superusers remove a second step: it opens an account to anyone with its password."""
        return bool(getattr(request.user, "is_superuser", False))


@admin.register(SocialAccount)
class IdentityAdmin(ReadOnlyAdmin[Any]):
    """Identities of OpenID Connect that are linked to accounts."""

    list_display = ("user", "provider", "date_joined", "last_login")
    list_filter = ("provider",)
    search_fields = ("user__email", "uid")
    list_select_related = ("user",)
    exclude = ("extra_data",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let superusers unlink an identity."""
        return bool(getattr(request.user, "is_superuser", False))
