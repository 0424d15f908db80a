"""What a person chooses before a recording is sent: its language and how many speak in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from transcripts.providers import registry
from transcripts.providers.capabilities import Wish, Wishes
from transcripts.services.errors import NoProvider
from transcripts.services.provider_accounts import accounts, objections
from transcripts.services.provider_accounts.languages import COMMON, told
from transcripts.services.provider_accounts.wishes import MOST_SPEAKERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.models import ProviderAccount
    from transcripts.services.provider_accounts.objections import Choice


# How many may speak
COUNTS = tuple(range(1, MOST_SPEAKERS + 1))


@dataclass(frozen=True, slots=True)
class Offer:
    """The languages to choose from, and the numbers of speakers if the provider takes one.

    `chosen` is preselected; empty has the provider detect it. `others` are languages that can be spoken as well, and
    `wishes` says by their names which others can be met.
    """

    languages: tuple[str, ...]
    chosen: str = ""
    may_be_open: bool = True
    speakers: tuple[int, ...] = ()
    others: tuple[str, ...] = ()
    wishes: Mapping[str, Choice] = field(default_factory=lambda: objections.choices(()))

    @property
    def usual(self) -> Wishes:
        """What is wished where no one said anything."""
        return Wishes()


def offer() -> Offer:
    """Return what the provider that new recordings go to understands."""
    try:
        return offer_of_any([accounts.current()])
    except NoProvider:
        return offer_of_any(())


def offer_of_any(choice: Sequence[ProviderAccount]) -> Offer:
    """Return what any of these accounts understands; the one that is chosen refuses what it doesn't."""
    offers = [_offer_for(account) for account in choice]
    if not offers:
        return replace(_offer_of(()), others=COMMON)
    takes_speakers = any(map(accounts.takes_speakers, choice))
    return Offer(
        languages=tuple(dict.fromkeys(tag for one in offers for tag in one.languages)),
        others=tuple(dict.fromkeys(tag for account in choice for tag in _others_of(account))),
        wishes=objections.choices(choice),
        chosen=offers[0].chosen,
        may_be_open=any(one.may_be_open for one in offers),
        speakers=COUNTS if takes_speakers else (),
    )


def offer_live(choice: Sequence[ProviderAccount]) -> Offer:
    """Return what any of these accounts supports in live sessions; the one that is taken refuses what it doesn't."""
    offers = [_offer_live_of(account) for account in choice]
    if not offers:
        return Offer(COMMON, others=COMMON)
    takes_speakers = any(accounts.can_live(account).meets(Wish.SPEAKERS) for account in choice)
    spoken = tuple(dict.fromkeys(tag for one in offers for tag in one.languages))
    others = (accounts.can_live(account).several or one.languages for account, one in zip(choice, offers, strict=True))
    return Offer(
        languages=spoken,
        chosen=offers[0].chosen,
        may_be_open=any(one.may_be_open for one in offers),
        speakers=COUNTS if takes_speakers else (),
        others=tuple(dict.fromkeys(chain.from_iterable(others))),
        wishes=objections.choices_live(choice),
    )


def _offer_live_of(account: ProviderAccount) -> Offer:
    must_be_told = told(account)
    if must_be_told:
        return Offer(must_be_told, chosen=must_be_told[0], may_be_open=False)
    return _offer_of(tuple(account.languages or ()))


def _offer_for(account: ProviderAccount) -> Offer:
    """What an account understands; one whose kind detects no language has none left open."""
    offered = _offer_of(tuple(account.languages or ()))
    if registry.find(account.kind).detects_languages:
        return offered
    return replace(offered, chosen=offered.languages[0], may_be_open=False)


def _others_of(account: ProviderAccount) -> tuple[str, ...]:
    return accounts.can(account).several or _offer_of(tuple(account.languages or ())).languages


def _offer_of(known: tuple[str, ...]) -> Offer:
    if not known:
        return Offer(COMMON)
    return Offer(known, chosen=known[0], may_be_open=False) if len(known) == 1 else Offer(known)
