"""The accounts that recordings and live speech are sent with, and their health.

One account is the environment's: it has its kind's name, and all of it is read from the settings. Others are created
in the console (`transcripts.services.provider_accounts.selection`). Which keys an account has is in `keys`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from transcripts.models import ProviderAccount
from transcripts.providers import registry
from transcripts.providers.base import Connection, Limits, Provider, RateRule
from transcripts.providers.capabilities import Wish
from transcripts.services.errors import NoProvider
from transcripts.services.provider_accounts import keys
from transcripts.services.provider_accounts.environment import from_environment, is_of_environment
from transcripts.services.provider_accounts.routing import places
from transcripts.services.provider_accounts.secret_stores import secret_files
from transcripts.throttle import Window

if TYPE_CHECKING:
    from transcripts.providers.capabilities import Capabilities
    from transcripts.services.provider_accounts.keys import Key

# Besides its kind's own time an upload may take as long as a slow connection needs for its bytes (1 Mbit/s): hours of
# audio that were cut off at a fixed moment would be sent again, and paid again, without ever arriving.
SLOWEST_UPLOAD = 128 * 1024


def note_keys() -> None:
    """Note for which accounts this instance has a key, for processes that were not started with its variables."""
    for account in ProviderAccount.objects.all():
        ProviderAccount.objects.filter(pk=account.pk).update(has_key=is_key_set(account))


def current() -> ProviderAccount:
    """Return the account new jobs use: the one chosen in the console, else the environment's. Raises NoProvider."""
    return _chosen(for_files=True) or _environments()


def current_live() -> ProviderAccount:
    """Return the account new live sessions use: the one chosen for them, else that of recordings. Raises NoProvider."""
    return _chosen(for_live=True) or current()


def _chosen(**purpose: bool) -> ProviderAccount | None:
    chosen = ProviderAccount.objects.filter(**purpose).first()
    # Who chose the environment's account meant whatever the environment describes.
    return _environments() if chosen and is_of_environment(chosen) else chosen


def missing(*, for_administrators: bool) -> str:
    """Say what is missing before recordings are transcribed, with the settings' names or without; empty: nothing is."""
    try:
        with_key(current())
    except NoProvider as lack:
        plain = "No speech-to-text provider is configured. Ask an administrator to configure one."
        kept = "Uploads are saved and will be transcribed as soon as there is one."
        return f"{lack if for_administrators else plain} {kept}"
    return ""


def missing_live(*, for_administrators: bool) -> str:
    """Say what is missing before speech is transcribed live, with the settings' names or without; empty: nothing is."""
    try:
        with_key(current_live())
    except NoProvider as missing:
        plain = "No provider for live transcription is configured. Ask an administrator to configure one."
        return str(missing) if for_administrators else plain
    return ""


def with_key(account: ProviderAccount) -> ProviderAccount:
    """Return the account. Raises NoProvider if it cannot be used: its key is not set, or no longer known."""
    if _is_outside() and account.has_key:
        return account
    if keys.is_former(account):
        raise NoProvider(
            f"The settings no longer describe “{account.name}”, so its key is unknown. Ask an administrator."
        )
    if not is_of_environment(account) and not is_key_set(account):
        raise NoProvider(
            f"The provider “{account.name}” is chosen, but its key is missing: {what_is_missing(account)} "
            "Ask an administrator to set it and restart, or to choose another account."
        )
    return account


def what_is_missing(account: ProviderAccount) -> str:
    """Say why an account has no key."""
    if not account.key_variable:
        return "none was entered in the console."
    if keys.is_kept_from(account):
        return "STT_API_KEY is only sent to the address in STT_API_ENDPOINT. Enter a key, or name another variable."
    return secret_files.problem_of(account.key_variable) or f"{account.key_variable} is not set."


def is_key_set(account: ProviderAccount) -> bool:
    """Tell whether the account has a key, in the environment or entered in the console."""
    return bool(keys.of(account))


def _environments() -> ProviderAccount:
    known = ProviderAccount.objects.all()
    mine = known.filter(is_environment=True) if _is_outside() else known.filter(name=_name_in_settings())
    return mine.first() or from_environment()


def _name_in_settings() -> str:
    return registry.find(settings.STT_PROVIDER).name


def _is_outside() -> bool:
    """Tell whether this process lacks the instance's variables, as a command in a plain shell does.

    A command asks the database then what the instance said of itself. The processes of an instance know an endpoint,
    at least the local speech server's; if that has no model either, no account counts as the environment's.
    """
    return not settings.STT_API_ENDPOINT


def provider(account: ProviderAccount, *, upload_bytes: int = 0, key: Key | None = None) -> Provider:
    """Return the adapter that speaks to the account's provider, with time to send so many bytes."""
    return registry.build(account.kind, connection(account, upload_bytes=upload_bytes, key=key))


def connection(account: ProviderAccount, *, upload_bytes: int = 0, key: Key | None = None) -> Connection:
    """Return how to reach the account, with this key or else the one to use now.

    If it has none, the key is empty and the provider refuses it, unless it wants none.
    """
    uploads = RateRule(account.upload_limit, account.upload_window_ms) if account.upload_limit else None
    limits = Limits(uploads=uploads, status_interval_ms=account.status_interval_ms, max_bytes=account.max_bytes)
    return Connection(
        endpoint=account.endpoint,
        api_key=(key or keys.choose(account)).value,
        ws_endpoint=settings.STT_WS_ENDPOINT if is_of_environment(account) else account.ws_endpoint,
        model=account.model,
        is_inside=places.is_inside(account),
        limits=limits,
        upload_deadline_ms=_deadline_ms(account, upload_bytes),
    )


def _deadline_ms(account: ProviderAccount, upload_bytes: int) -> int:
    return registry.find(account.kind).upload_deadline_ms + upload_bytes * 1000 // SLOWEST_UPLOAD


def language_to_ask(account: ProviderAccount, language: str) -> str | None:
    """The language a request names: the chosen one, else what the provider wants in place of one, else None."""
    return language or registry.find(account.kind).detection or None


def is_on_this_machine(account: ProviderAccount) -> bool:
    """Tell whether the audio that is sent to the account stays on the machine that serves these pages."""
    return urlsplit(account.endpoint).hostname in ("127.0.0.1", "::1", "localhost")


def can(account: ProviderAccount) -> Capabilities:
    """Return what the account's provider can do for a recording, with the model that the account asks for."""
    return registry.find(account.kind).can_for(account.model)


def can_live(account: ProviderAccount) -> Capabilities:
    """Return what the account's provider can do in a live session, with the model that the account asks for."""
    return registry.find(account.kind).can_live_for(account.model)


def takes_speakers(account: ProviderAccount) -> bool:
    """Tell whether a recording can be sent to the account with the number of its speakers."""
    return can(account).meets(Wish.SPEAKERS)


def window(account: ProviderAccount) -> Window:
    """Return the account's upload limit as the limiter wants it."""
    return Window(account.pk, account.upload_limit, account.upload_window_ms, _deadline_ms(account, 0))
