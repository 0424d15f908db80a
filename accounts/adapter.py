"""How sign-in works here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction

from accounts.models import Team

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Opens sign-up by a setting and gives everyone a personal team."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell whether strangers may make an account."""
        return bool(settings.SIGNUP_OPEN)

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002
        """Keep the person, their name and their personal team together."""
        user.name = form.cleaned_data.get("name", "")
        saved: User = super().save_user(request, user, form, commit=commit)
        Team.objects.make_personal(saved)
        return saved
