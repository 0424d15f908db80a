"""The keys of an account: those entered in the console, the newest first, and last the environment's.

They are read for each use, so that a new key is used without a restart. A key that the provider refused is left while
another one is there, and tried again when none is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

from transcripts.providers import wire
from transcripts.services.provider_accounts.environment import is_of_environment
from transcripts.services.provider_accounts.secret_stores import sealing, secret_files

if TYPE_CHECKING:
    from datetime import datetime

    from transcripts.models import Credential, ProviderAccount


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an account; without a `credential` it is the environment's."""

    value: str = field(repr=False)
    credential: Credential | None = None
    refused_at: datetime | None = None


def of(account: ProviderAccount, rows: list[Credential] | None = None) -> list[Key]:
    """Return the keys that can be used, the newest first; `rows` are those entered, if they were read already."""
    found = [_entered(row) for row in (entered(account) if rows is None else rows)]
    keys = [key for key in found if key.value]
    environments = environment_key(account)
    return [*keys, _environments(account, environments)] if environments else keys


def entered(account: ProviderAccount) -> list[Credential]:
    """Return the credentials that are not retired, the newest first."""
    rows = [row for row in account.credentials.all() if row.retired_at is None] if account.pk else []
    return sorted(rows, key=lambda row: row.pk, reverse=True)


def choose(account: ProviderAccount, found: list[Key] | None = None) -> Key:
    """Return the key to use now: the newest that isn't refused, else the one whose refusal is the oldest."""
    keys = of(account) if found is None else found
    accepted = [key for key in keys if key.refused_at is None]
    if accepted:
        return accepted[0]
    refused = sorted((key for key in keys if key.refused_at), key=lambda key: str(key.refused_at))
    # A server may want no key; if it does, it refuses this one.
    return refused[0] if refused else _environments(account, "")


def with_states(account: ProviderAccount) -> list[tuple[Key, str]]:
    """Return the keys, each with what it is for: the one that is sent now is in use, the next takes its place."""
    found = of(account)
    used = choose(account, found)
    accepted = [key for key in found if key.refused_at is None and key is not used]
    states = {id(used): "In use", **({id(accepted[0]): "Next"} if accepted else {})}
    return [(key, states.get(id(key), "Usable")) for key in found]


def name_of(key: Key) -> str:
    """Name a key without showing it."""
    return f"the key {key.credential}" if key.credential is not None else "the environment’s key"


def masked(account: ProviderAccount, text: str) -> str:
    """Return what a provider said without any key of the account: it may have said one back."""
    # The longest first, for one may begin with another
    for value in sorted((key.value for key in of(account)), key=len, reverse=True):
        text = wire.masked(text, value)
    return text


def masked_answer(account: ProviderAccount, raw: bytes) -> bytes:
    """Return what a provider answered, byte for byte but for keys of the account that it said back."""
    for value in sorted((key.value.strip() for key in of(account)), key=len, reverse=True):
        raw = raw.replace(value.encode(), b"***") if value else raw
    return raw


def mark_of(value: str) -> str:
    """Return what tells a key from another one, and nothing else about it."""
    return salted_hmac("verbatim.refused_key", value, algorithm="sha256").hexdigest()


def key_variable_of(account: ProviderAccount) -> str:
    """Name the variable that holds the account's key; empty if its keys are entered in the console alone."""
    return "STT_API_KEY" if is_of_environment(account) else account.key_variable


def is_former(account: ProviderAccount) -> bool:
    """Tell whether the environment described the account earlier, and another one now."""
    return is_of_environment(account) and account.kind != settings.STT_PROVIDER


def is_kept_from(account: ProviderAccount) -> bool:
    """Tell whether the account names STT_API_KEY but is at another address than that key is for."""
    if is_of_environment(account) or account.key_variable != "STT_API_KEY":
        return False
    mine = {_server(address) for address in (settings.STT_API_ENDPOINT, settings.STT_WS_ENDPOINT) if address}
    return any(_server(address) not in mine for address in (account.endpoint, account.ws_endpoint) if address)


def _server(address: str) -> tuple[bool, str | None, int | None]:
    """Return the server of an address, which is the same over HTTP and by sockets."""
    parts = urlsplit(address)
    is_encrypted = parts.scheme in ("https", "wss")
    return is_encrypted, parts.hostname, parts.port or (443 if is_encrypted else 80)


def environment_key(account: ProviderAccount) -> str:
    """Return the key that a file or a variable holds; empty if there is none or it can't be read."""
    variable = key_variable_of(account)
    # The environment's key belongs to the provider it describes now, and is shown to no earlier one.
    if not variable or is_former(account) or is_kept_from(account):
        return ""
    if path := secret_files.path_of(variable):
        try:
            return secret_files.key_in(path)
        except secret_files.Unreadable:
            return ""
    key: str = settings.STT_API_KEY if variable == "STT_API_KEY" else settings.STT_API_KEYS.get(variable, "")
    return key


def _entered(row: Credential) -> Key:
    return Key(sealing.opened(row.secret) or "", row, row.refused_at)


def _environments(account: ProviderAccount, value: str) -> Key:
    is_refused = bool(account.refused_key) and account.refused_key == mark_of(value)
    return Key(value, None, account.environment_key_refused_at if is_refused else None)
