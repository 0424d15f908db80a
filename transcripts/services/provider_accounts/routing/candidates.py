"""Which accounts can take work, and why one can't now.

Without a rule that fits, work goes where it went before there were rules: to the account that the team chose, else the
usual one, and waits for it.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from transcripts import clock
from transcripts.models import ProviderAccount, ProviderCall, Route, TeamDefaults
from transcripts.models.choices import CallOutcome
from transcripts.models.providers import Media
from transcripts.providers import registry
from transcripts.services.errors import NoProvider, Refused
from transcripts.services.provider_accounts import accounts, languages
from transcripts.services.provider_accounts.routing import places, rules

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from transcripts.services.provider_accounts.routing.rules import Work

# After so many uploads in a row that the provider itself failed, new work goes elsewhere for a while
FAILURES, FAILED_WITHIN = 3, timedelta(minutes=5)
FAULTS = (CallOutcome.ERROR, CallOutcome.UNKNOWN)


def rules_for(work: Work) -> list[ProviderAccount]:
    """Return the accounts that the rules name for this work, in their order."""
    found = [_rule(route) for route in Route.objects.all()]
    named = rules.accounts_in_order(found, work)
    known = ProviderAccount.objects.in_bulk(named)
    return [known[account_id] for account_id in named]


def _rule(route: Route) -> rules.Rule:
    return rules.Rule(route.account_id, route.order, route.team_id, route.language, route.media)


def listed(work: Work) -> list[ProviderAccount]:
    """Return the accounts with a key that may have this work, the first choice first.

    A team that keeps its audio here has those of the list that are inside, else the usual account if that is, else any
    other that is. Raises NoProvider if there is none, and places.NoPlace if all are outside.
    """
    named = [account for account in rules_for(work) if has_key(account)]
    if not places.keeps_audio(work.team_id):
        return named or [_usual(work)]
    with suppress(NoProvider):
        named = named or [_usual(work)]
    inside = [account for account in (*named, *_others(named, work)) if places.is_inside(account)]
    fit = [account for account in inside if has_key(account) and _has(account, work.media)]
    if not fit:
        raise places.NoPlace
    own = [account for account in fit if account in named]
    return own or fit


def live(team_id: int) -> list[ProviderAccount]:
    """Return the accounts with a key that new live sessions of the team may go to, whatever language is chosen."""
    found: dict[int, ProviderAccount] = {}
    for language in ("", *Route.objects.exclude(language="").order_by("language").values_list("language", flat=True)):
        with suppress(NoProvider):
            found |= {account.pk: account for account in listed(rules.Work(team_id, language, Media.LIVE))}
    return [account for account in found.values() if _has(account, Media.LIVE) and has_key(account)]


def _others(named: list[ProviderAccount], work: Work) -> list[ProviderAccount]:
    """Return the accounts that the list doesn't name, the usual ones first: those at least someone chose."""
    usual: list[ProviderAccount] = []
    for choose in (_usual, _usual_of_all):
        with suppress(NoProvider):
            usual.append(choose(work))
    others = ProviderAccount.objects.exclude(pk__in=[account.pk for account in named])
    return sorted(others.order_by("name"), key=lambda one: usual.index(one) if one in usual else len(usual))


def _usual(work: Work) -> ProviderAccount:
    """Return where the work goes without a rule. Raises NoProvider."""
    if work.media == Media.LIVE:
        return _usual_of_all(work)
    chosen = TeamDefaults.objects.filter(team=work.team_id).select_related("account").first()
    own = chosen.account if chosen else None
    return own if own is not None and has_key(own) else _usual_of_all(work)


def _usual_of_all(work: Work) -> ProviderAccount:
    """Return where the work of a team goes that chose nothing. Raises NoProvider."""
    return accounts.current_live() if work.media == Media.LIVE else accounts.current()


def has_key(account: ProviderAccount) -> bool:
    """Tell whether the account has a key that can be read."""
    try:
        accounts.with_key(account)
    except NoProvider:
        return False
    return True


def _has(account: ProviderAccount, media: str) -> bool:
    return media != Media.LIVE or bool(registry.find(account.kind).live)


def why_not(account: ProviderAccount, work: Work) -> str:
    """Say why the account can't take new work of this kind now, after its name; empty if it can."""
    if account.paused_at:
        return "is paused"
    if account.key_refused_at:
        return "doesn’t accept this instance’s key"
    if not has_key(account):
        return "has no key"
    if (account.health_checked_at and not account.is_healthy) or _is_failing(account):
        return "can’t be reached"
    if not _has(account, work.media):
        return "transcribes recordings only"
    return "doesn’t transcribe this language" if _is_unknown(account, work) else ""


def _is_unknown(account: ProviderAccount, work: Work) -> bool:
    """Tell whether the account doesn't take the language, as far as that is known."""
    refuse = languages.refuse_unknown_live if work.media == Media.LIVE else languages.refuse_unknown_language
    try:
        refuse(account, work.language)
    except Refused:
        return True
    return False


def _is_failing(account: ProviderAccount) -> bool:
    """Tell whether the latest uploads failed at the provider: its health may not know of that yet, or never."""
    calls = ProviderCall.objects.filter(account=account, endpoint="upload", started_at__gt=clock.now() - FAILED_WITHIN)
    ended = calls.exclude(outcome=CallOutcome.SENDING).order_by("-started_at")
    latest = list(ended.values_list("outcome", "status_code")[:FAILURES])
    return len(latest) == FAILURES and all(
        outcome in FAULTS and (status is None or status >= 500) for outcome, status in latest
    )


def first(work: Work, *, is_full: Callable[[ProviderAccount], bool] = lambda _: False) -> ProviderAccount:
    """Return the first account that can take the work now; if none can, the first of the list. Raises NoProvider."""
    found = listed(work)
    able = (account for account in found if not why_not(account, work) and not is_full(account))
    return next(able, found[0])


def kind_of(account: ProviderAccount) -> Hashable:
    """Return what accounts that share their work have in common: provider, model and price."""
    return account.kind, account.model, account.price_a_minute
