"""The account that recordings are sent with, and its health."""

from __future__ import annotations

from django.conf import settings

from transcripts import clock
from transcripts.models import ProviderAccount
from transcripts.providers import registry
from transcripts.providers.base import Connection, Limits, Provider, ProviderError, RateRule
from transcripts.throttle import Window

# Besides its kind's own time an upload may take as long as a slow line needs for its bytes (1 Mbit/s): hours of sound
# that were cut off at a fixed moment would be sent again, and paid again, without ever arriving.
SLOWEST_UPLOAD = 128 * 1024


class NoProvider(Exception):
    """No provider is configured; the message says what to do."""


def from_environment() -> ProviderAccount:
    """Keep the account that the environment describes, its limits included."""
    if not settings.STT_API_ENDPOINT:
        raise NoProvider("No speech-to-text provider is configured: set STT_API_ENDPOINT and STT_API_KEY.")
    kind = registry.find(settings.STT_PROVIDER)
    limits = limits_from(settings.STT_LIMITS, kind.documented_limits)
    uploads = limits.uploads
    _forget_health_of_another(kind.name, settings.STT_API_ENDPOINT)
    account, _ = ProviderAccount.objects.update_or_create(
        name=kind.name,
        defaults={
            "kind": settings.STT_PROVIDER,
            "endpoint": settings.STT_API_ENDPOINT,
            "upload_limit": uploads.count if uploads else 0,
            "upload_window_ms": uploads.per_ms if uploads else 60_000,
            "status_interval_ms": limits.status_interval_ms,
            "max_bytes": limits.max_bytes,
        },
    )
    return account


def _forget_health_of_another(name: str, endpoint: str) -> None:
    """What the provider at another address said of itself says nothing of this one."""
    other = ProviderAccount.objects.filter(name=name).exclude(endpoint=endpoint)
    other.update(engine="", is_draft=False, languages=None, is_healthy=False, health_checked_at=None)


def limits_from(text: str, documented: Limits) -> Limits:
    """Read STT_LIMITS: `documented`, `none`, or `uploads=COUNT/SECONDS,status=SECONDS`.

    They say how often; how large an upload may be stays as documented. Raises ValueError with a sentence.
    """
    if text == "documented":
        return documented
    if text == "none":
        return Limits(max_bytes=documented.max_bytes)
    try:
        parts = dict(part.split("=", 1) for part in text.split(","))
        count, seconds = parts["uploads"].split("/")
        uploads = RateRule(int(count), round(float(seconds) * 1000))
        status_ms = round(float(parts["status"]) * 1000)
        return Limits(uploads=uploads, status_interval_ms=status_ms, max_bytes=documented.max_bytes)
    except (KeyError, ValueError):
        raise ValueError(
            f"STT_LIMITS is “{text}”; it must be “documented”, “none” or such as “uploads=5/60,status=5”."
        ) from None


def current() -> ProviderAccount:
    """Return the account new jobs use. Raises NoProvider."""
    account = ProviderAccount.objects.filter(name=registry.find(settings.STT_PROVIDER).name).first()
    return account or from_environment()


def provider(account: ProviderAccount, *, upload_bytes: int = 0) -> Provider:
    """Return the adapter that speaks to the account's provider, with time to send so many bytes."""
    return registry.build(account.kind, connection(account, upload_bytes=upload_bytes))


def connection(account: ProviderAccount, *, upload_bytes: int = 0) -> Connection:
    """Return how to reach the account. The key comes from the environment and is kept nowhere else."""
    deadline = registry.find(account.kind).upload_deadline_ms + upload_bytes * 1000 // SLOWEST_UPLOAD
    uploads = RateRule(account.upload_limit, account.upload_window_ms) if account.upload_limit else None
    limits = Limits(uploads=uploads, status_interval_ms=account.status_interval_ms, max_bytes=account.max_bytes)
    return Connection(
        endpoint=account.endpoint,
        api_key=settings.STT_API_KEY,
        ws_endpoint=settings.STT_WS_ENDPOINT,
        limits=limits,
        upload_deadline_ms=deadline,
    )


def language_to_ask(account: ProviderAccount, language: str) -> str | None:
    """The language a request names: the chosen one, else what the provider wants in place of one, else None."""
    return language or registry.find(account.kind).detection or None


def window(account: ProviderAccount) -> Window:
    """Return the account's upload limit as the limiter wants it."""
    deadline = connection(account).upload_deadline_ms
    return Window(account.pk, account.upload_limit, account.upload_window_ms, deadline)


def check_health(account: ProviderAccount) -> None:
    """Ask the provider how it is and what it knows, and keep what it says."""
    checked = {"health_checked_at": clock.now()}
    try:
        health = provider(account).health()
    except ProviderError as error:
        _keep_health(account, is_healthy=False, health_message=str(error)[:500], **checked)
        return
    known = health.languages if health.languages is not None else registry.find(account.kind).languages
    languages = list(known) if known is not None else None
    said = {"engine": health.engine, "is_draft": health.is_draft, "languages": languages}
    _keep_health(account, is_healthy=True, health_message="", **checked, **said)


def check_health_of_all() -> None:
    """Ask every provider."""
    for account in ProviderAccount.objects.all():
        check_health(account)


def _keep_health(account: ProviderAccount, **fields: object) -> None:
    ProviderAccount.objects.filter(pk=account.pk).update(**fields)
