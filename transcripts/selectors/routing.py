"""The rules of which account takes what, with what each account does now and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from django.urls import reverse

from transcripts.models import ProviderAccount, Route
from transcripts.models.providers import Media
from transcripts.selectors.teams.frame import frame_of
from transcripts.services.provider_accounts import options, selection
from transcripts.services.provider_accounts.routing import candidates, places
from transcripts.services.provider_accounts.routing.rules import Work, alike

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Team, User
    from transcripts.selectors.teams.frame import Frame

OUTSIDE = "Not used: it is outside this instance"
FIRST, SHARES, NEXT, SKIPPED = "Takes new work", "Shares the work", "Next, if those above can’t", "Not used: it {}"
# The rules of no team in particular
ANY_TEAM = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A rule: its account, what that does now, and where the rule is changed. `is_used` if it takes new work."""

    route: Route
    now: str
    is_used: bool
    href: str
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class RouteList:
    """The rules for one language and kind of media, in their order."""

    language: str
    media: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Rules:
    """The lists of a team or of the instance, and what a new rule can be of."""

    lists: list[RouteList]
    accounts: list[ProviderAccount]
    languages: tuple[str, ...]
    media: list[tuple[str, str]] = field(default_factory=lambda: list(Media.choices))


@dataclass(frozen=True, slots=True)
class TeamRouting:
    """The page of a team. `inherited` are the instance's rules; `goes_to` is where a new recording goes now."""

    frame: Frame
    rules: Rules
    inherited: list[RouteList]
    keeps_audio: bool
    goes_to: ProviderAccount | None
    inside: list[ProviderAccount]


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account of the console's page: whether it can take new recordings now, and where its audio goes."""

    account: ProviderAccount
    why_not: str
    is_inside: bool


def of_team(user: User, slug: str) -> TeamRouting:
    """Return the routing of one of the person's teams. Raises access.NotFound."""
    frame = frame_of(user, slug)
    return TeamRouting(
        frame=frame,
        rules=_rules(frame.team),
        inherited=_lists(None, frame.team.pk),
        keeps_audio=places.keeps_audio(frame.team.pk),
        goes_to=selection.found_for_team(frame.team.pk),
        inside=[account for account in selection.usable() if places.is_inside(account)],
    )


def of_instance() -> tuple[Rules, list[AccountLine]]:
    """Return the instance's rules, and every account."""
    known = ProviderAccount.objects.order_by("name")
    lines = [AccountLine(one, candidates.why_not(one, Work(ANY_TEAM)), places.is_inside(one)) for one in known]
    return _rules(None), lines


def _rules(team: Team | None) -> Rules:
    usable = places.allowed(selection.usable(), team.pk) if team else selection.usable()
    return Rules(_lists(team, team.pk if team else ANY_TEAM), usable, options.offer_of_any(usable).languages)


def _lists(team: Team | None, team_id: int) -> list[RouteList]:
    routes = Route.objects.filter(team=team).select_related("account")
    ordered = sorted(routes, key=lambda one: (one.language == "", one.language, one.media == "", one.media, one.order))
    groups = groupby(ordered, lambda one: (one.language, one.media))
    return [RouteList(language, media, _lines(same, team, team_id)) for (language, media), same in groups]


def _lines(same: Iterable[Route], team: Team | None, team_id: int) -> list[Line]:
    routes = list(same)
    keeps, taken = places.keeps_audio(team_id), False
    lines: list[Line] = []
    for group in alike(routes, lambda one: candidates.kind_of(one.account)):
        said = [_why_not(one, team_id, keeps=keeps) for one in group]
        for route, why in zip(group, said, strict=True):
            is_used = not why and not taken
            now = why or (NEXT if taken else SHARES if said.count("") > 1 else FIRST)
            at = len(lines)
            lines.append(Line(route, now, is_used, _href(route, team), at == 0, at == len(routes) - 1))
        taken = taken or "" in said
    return lines


def _why_not(route: Route, team_id: int, *, keeps: bool) -> str:
    if keeps and not places.is_inside(route.account):
        return OUTSIDE
    why = candidates.why_not(route.account, Work(team_id, route.language, route.media or Media.AUDIO))
    return SKIPPED.format(why) if why else ""


def _href(route: Route, team: Team | None) -> str:
    return reverse("team_route", args=[team.slug, route.pk]) if team else reverse("operations_route", args=[route.pk])
