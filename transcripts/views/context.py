"""What every page knows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from accounts import preferences
from accounts.signup import rules as signup
from transcripts import access
from transcripts.selectors.account import notifications
from transcripts.selectors.teams import switch
from transcripts.views.uploads.tus import PART_BYTES

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import Team
    from transcripts.selectors.teams.switch import Switch


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame around every page shows: the person's teams, looked up only if a page shows them."""

    @cache
    def my_teams() -> list[Team]:
        user = request.user
        return list(access.teams_of(user)) if user.is_authenticated else []

    @cache
    def my_preferences() -> dict[str, Any]:
        user = request.user
        return preferences.of(user) if user.is_authenticated else {}

    @cache
    def my_switch() -> Switch | None:
        user = request.user
        return switch.switch_of(user, my_teams(), my_preferences()["team"]) if user.is_authenticated else None

    def my_editable_teams() -> list[Team]:
        shown = my_switch()
        return [choice.team for choice in shown.choices if choice.may_edit] if shown else []

    def my_closed_teams() -> list[Team]:
        user, shown = request.user, my_switch()
        # Most people have none: the query for them takes longer than to see that
        if not user.is_authenticated or shown is None or not shown.has_closed:
            return []
        return list(access.closed_teams_of(user))

    def my_unread() -> int:
        return notifications.unread(request.user) if request.user.is_authenticated else 0

    return {
        "my_unread": my_unread,
        "my_switch": my_switch,
        "my_closed_teams": my_closed_teams,
        "my_preferences": my_preferences,
        "my_teams": my_teams,
        "my_editable_teams": my_editable_teams,
        "upload_part_bytes": PART_BYTES,
        "is_signup_open": signup.is_open(),
        "why_signup_is_closed": signup.why_closed,
        "has_mail": settings.HAS_MAIL,
        "identity_providers": settings.OIDC,
    }
