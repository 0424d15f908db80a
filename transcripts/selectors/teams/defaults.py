"""The defaults of a team, with what can be chosen for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.formats.registry import FORMATS
from transcripts.selectors.teams.frame import Frame, frame_of
from transcripts.services.exports import requests
from transcripts.services.provider_accounts import options, selection
from transcripts.services.teams import defaults

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import ProviderAccount, TeamDefaults
    from transcripts.services.provider_accounts.options import Offer

RETENTIONS = (0, 30, 90, 180, 365, 730, 1825)


@dataclass(frozen=True, slots=True)
class DefaultsPage:
    """What the page of the defaults shows. `export` is the format that the team exported to last, with its options."""

    frame: Frame
    defaults: TeamDefaults
    offer: Offer
    accounts: list[ProviderAccount]
    retentions: list[int]
    export: str
    export_options: dict[str, str]


def page_of(user: User, slug: str) -> DefaultsPage:
    """Return the defaults of one of the person's teams. Raises access.NotFound."""
    frame = frame_of(user, slug)
    chosen, accounts = defaults.of(frame.team.pk), selection.usable()
    used = requests.remembered(frame.team)
    last = next(iter(used), "")
    return DefaultsPage(
        frame=frame,
        defaults=chosen,
        offer=options.offer_of_any(accounts),
        accounts=accounts,
        retentions=sorted({*RETENTIONS, chosen.retention_days}),
        export=FORMATS[last].label if last else "",
        export_options=used.get(last, {}),
    )
