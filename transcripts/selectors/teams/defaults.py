"""The defaults of a team, with what can be chosen for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.formats.registry import FORMATS
from transcripts.selectors.teams.frame import Frame, frame_of
from transcripts.services.exports import requests
from transcripts.services.provider_accounts import objections, options, selection
from transcripts.services.provider_accounts.routing import places
from transcripts.services.teams import defaults

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import ProviderAccount, TeamDefaults
    from transcripts.services.provider_accounts.options import Offer

RETENTIONS = (0, 30, 90, 180, 365, 730, 1825)


@dataclass(frozen=True, slots=True)
class DefaultsPage:
    """What the page of the defaults shows. `export` is the format that the team exported to last, with its options.

    `unmet` says what its provider can't do of what it wishes.
    """

    frame: Frame
    defaults: TeamDefaults
    offer: Offer
    accounts: list[ProviderAccount]
    unmet: tuple[str, ...]
    retentions: list[int]
    export: str
    export_options: dict[str, str]


def page_of(user: User, slug: str) -> DefaultsPage:
    """Return the defaults of one of the person's teams. Raises access.NotFound."""
    frame = frame_of(user, slug)
    account = selection.found_for_team(frame.team.pk)
    chosen, accounts = defaults.of(frame.team.pk), places.allowed(selection.usable(), frame.team.pk)
    used = requests.remembered(frame.team)
    last = next(iter(used), "")
    return DefaultsPage(
        frame=frame,
        defaults=chosen,
        offer=options.offer_of_any(accounts),
        accounts=accounts,
        unmet=objections.consequences(account, chosen.wishes) if account else (),
        retentions=sorted({*RETENTIONS, chosen.retention_days}),
        export=FORMATS[last].label if last else "",
        export_options=used.get(last, {}),
    )
