"""What a team wants for its recordings: language, provider, retention, and the rules of approval and sign-in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from accounts.models import Role, Team
from transcripts import clock
from transcripts.models import TeamDefaults
from transcripts.providers.capabilities import Wishes
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import languages, selection
from transcripts.services.teams.lock import locked, role_in

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import ProviderAccount

SHORTEST_DAYS, LONGEST_DAYS = 7, 36_500
NO_DAYS = f"Enter a number of days from {SHORTEST_DAYS} to {LONGEST_DAYS:,}, or 0 to keep recordings."
RULES = ("forbids_own_approval", "forbids_doubtful_approval")


@dataclass(frozen=True, slots=True)
class Wish:
    """The defaults as a person entered them. `account_id` is empty for that which all new recordings go to."""

    language: str = ""
    account_id: str = ""
    retention_days: str = "0"
    forbids_own_approval: bool = False
    forbids_doubtful_approval: bool = False
    requires_second_factor: bool = False
    wishes: Wishes = field(default_factory=Wishes)


def of(team_id: int) -> TeamDefaults:
    """Return the defaults of a team, not stored yet if it never chose any."""
    found = TeamDefaults.objects.filter(team=team_id).select_related("account").first()
    return found or TeamDefaults(team_id=team_id)


def change(team: Team, wish: Wish, *, actor: User) -> None:
    """Store the defaults of a team. Only an owner changes whether two-step sign-in is required. Raises Refused."""
    account = selection.chosen(wish.account_id, team.pk) if wish.account_id else None
    _refuse_language(account, wish.language)
    days = _days(wish.retention_days)
    with locked(team) as team:
        mine = role_in(team, actor)
        values: dict[str, Any] = {"language": wish.language, "account": account, "retention_days": days}
        before = of(team.pk)
        values |= wish.wishes.columns()
        del values["speakers"]
        if days != before.retention_days:
            values["retention_since"] = clock.now()
        TeamDefaults.objects.update_or_create(team=team, defaults=values)
        rules = {name: getattr(wish, name) for name in RULES}
        if mine == Role.OWNER:
            rules["requires_second_factor"] = wish.requires_second_factor
        Team.objects.filter(pk=team.pk).update(**rules)
        data = {"language": wish.language, "account": account.pk if account else None, "retention_days": days}
        activities.record_for_team("team:defaults_changed", team, actor=actor, **data, **rules)


def _refuse_language(account: ProviderAccount | None, language: str) -> None:
    if account is not None:
        languages.refuse_unknown_language(account, language)
    else:
        languages.refuse_malformed_language(language)


def _days(text: str) -> int:
    text = text.strip() or "0"
    days = int(text) if text.isdecimal() and len(text) < 8 else -1
    if days != 0 and not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        raise Refused("retention", NO_DAYS)
    return days
