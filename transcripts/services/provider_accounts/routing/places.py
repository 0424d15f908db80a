"""Where a provider is, and whose audio it may have: a team can keep its audio on this instance.

A name is never looked up for this: what it leads to may change between the question and the sending.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from transcripts.models import ProviderAccount, TeamDefaults
from transcripts.models.providers import Place
from transcripts.services.errors import NoProvider, Refused
from transcripts.services.provider_accounts.environment import is_of_environment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

KEPT = (
    "This team keeps audio on this instance, and {account} is outside. Choose another provider. Admins of the team can "
    "change that on its “Providers” page, and an administrator of this instance adds providers."
)
NOWHERE = (
    "This team keeps audio on this instance, and no provider on it can be used. Recordings are saved and wait. Ask an "
    "administrator to set up a provider on this instance."
)
# Ends of names that are never on the internet
PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".home.arpa", ".svc")
PRIVATE_NETWORKS = [
    ipaddress.ip_network(network) for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]


def is_inside(account: ProviderAccount) -> bool:
    """Tell whether audio that is sent to the account stays here: an operator says so, else its addresses do."""
    if account.place:
        return account.place == Place.INSIDE
    return all(_is_private(address) for address in _addresses(account) if address)


def _addresses(account: ProviderAccount) -> tuple[str, str]:
    return account.endpoint, settings.STT_WS_ENDPOINT if is_of_environment(account) else account.ws_endpoint


def _is_private(address: str) -> bool:
    """Tell whether an address is of this machine or a private network; a name without a dot is a service beside us."""
    host = (urlsplit(address).hostname or "").rstrip(".")
    if not host.isascii():
        # “。” is a dot to some of those who look names up
        return False
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        # A number without a dot is an address as well
        return host[:1].isalpha() and ("." not in host or host.endswith(PRIVATE_ENDINGS))
    number = getattr(number, "ipv4_mapped", None) or number
    return number.is_loopback or number.is_link_local or any(number in network for network in PRIVATE_NETWORKS)


def keeps_audio(team_id: int) -> bool:
    """Tell whether the team allows no provider outside, as it is now."""
    return bool(keeping({team_id}))


def keeping(team_ids: Collection[int]) -> frozenset[int]:
    """Return those of the teams that allow no provider outside, as it is now; no query without teams."""
    return frozenset(TeamDefaults.objects.filter(team__in=team_ids, keeps_audio=True).values_list("team_id", flat=True))


def may_have(account: ProviderAccount, team_id: int) -> bool:
    """Tell whether audio of the team may be sent to the account now."""
    return is_inside(account) or not keeps_audio(team_id)


def refuse_outside(account: ProviderAccount, team_id: int) -> None:
    """Raise Refused if audio of the team may not be sent to the account."""
    if not may_have(account, team_id):
        raise Refused("audio_stays", KEPT.format(account=account))


def allowed(accounts: Iterable[ProviderAccount], team_id: int) -> list[ProviderAccount]:
    """Return those of the accounts that audio of the team may be sent to."""
    if not keeps_audio(team_id):
        return list(accounts)
    return [account for account in accounts if is_inside(account)]


class NoPlace(NoProvider):
    """A team keeps its audio on this instance, and there is no provider on it."""

    def __init__(self) -> None:
        super().__init__(NOWHERE)
