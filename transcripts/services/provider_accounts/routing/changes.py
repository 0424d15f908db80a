"""Changing the rules of a team, or of the instance: add, remove, move up and down.

Rules for the same language and media are one list; its order is written anew with each change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.models import ProviderAccount, Route
from transcripts.models.providers import Media
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import languages
from transcripts.services.provider_accounts.routing import candidates, places

if TYPE_CHECKING:
    from accounts.models import Team

MOST_ROUTES = 100
GONE = "This rule isn’t there any more."
THERE = "There is such a rule already."
TOO_MANY = "There can be {} rules. Remove some that aren’t needed."
NO_ACCOUNT = "This provider can’t be used any more. Choose another one."


@transaction.atomic
def add(team: Team | None, account_id: str, *, language: str = "", media: str = "") -> Route:
    """Add a rule as the last of its list; without a team it is the instance's. Raises Refused."""
    account = _account(team, account_id)
    languages.refuse_malformed_language(language)
    if media not in Media.values:
        raise Refused("media", "Choose a kind of media.")
    mine = list(Route.objects.select_for_update().filter(team=team))
    if len(mine) >= MOST_ROUTES:
        raise Refused("routes", TOO_MANY.format(MOST_ROUTES))
    same = [route for route in mine if (route.language, route.media) == (language, media)]
    if any(route.account_id == account.pk for route in same):
        raise Refused("route_exists", THERE)
    last = max((route.order for route in same), default=-1)
    return Route.objects.create(team=team, language=language, media=media, account=account, order=last + 1)


def _account(team: Team | None, account_id: str) -> ProviderAccount:
    found = next((one for one in ProviderAccount.objects.all() if str(one.pk) == account_id), None)
    if found is None or not candidates.has_key(found):
        raise Refused("no_provider", NO_ACCOUNT)
    if team is not None:
        places.refuse_outside(found, team.pk)
    return found


@transaction.atomic
def remove(team: Team | None, route_id: int) -> Route:
    """Remove a rule. Raises Refused if there is none."""
    route = _mine(team, route_id)
    Route.objects.filter(pk=route.pk).delete()
    return route


@transaction.atomic
def shift(team: Team | None, route_id: int, by: int) -> Route:
    """Move a rule up (-1) or down (1) in its list; the first stays the first. Raises Refused if there is none."""
    route = _mine(team, route_id)
    same = Route.objects.select_for_update().filter(team=team, language=route.language, media=route.media)
    listed = list(same.order_by("order", "account_id"))
    at = listed.index(route)
    listed.insert(max(0, at + by), listed.pop(at))
    for order, one in enumerate(listed):
        Route.objects.filter(pk=one.pk).update(order=order)
    return route


def _mine(team: Team | None, route_id: int) -> Route:
    route = Route.objects.select_related("account").filter(team=team, pk=route_id).first()
    if route is None:
        raise Refused("no_route", GONE)
    return route


def say_place(account: ProviderAccount, place: str) -> None:
    """Store where an operator says that an account is; empty: as its address says."""
    ProviderAccount.objects.filter(pk=account.pk).update(place=place)
