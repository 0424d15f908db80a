"""The account that the environment describes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.conf import settings

from transcripts.models import ProviderAccount
from transcripts.providers import registry
from transcripts.providers.base import Limits, RateRule
from transcripts.services.errors import NoProvider

# The column holds four digits before the point
DEAREST = 10_000


def from_environment() -> ProviderAccount:
    """Keep the account that the environment describes, its limits included."""
    if not settings.STT_API_ENDPOINT:
        raise NoProvider(
            "No speech-to-text provider is configured: set STT_API_ENDPOINT and STT_API_KEY, or WHISPER_MODEL for one "
            "on this machine, and restart."
        )
    kind = registry.find(settings.STT_PROVIDER)
    limits = limits_from(settings.STT_LIMITS, kind.documented_limits)
    uploads = limits.uploads
    _forget_health_of_another(kind.name, settings.STT_API_ENDPOINT)
    ProviderAccount.objects.exclude(name=kind.name).update(is_environment=False)
    account, _ = ProviderAccount.objects.update_or_create(
        name=kind.name,
        defaults={
            "kind": settings.STT_PROVIDER,
            "is_environment": True,
            "endpoint": settings.STT_API_ENDPOINT,
            "model": settings.STT_MODEL,
            "upload_limit": uploads.count if uploads else 0,
            "upload_window_ms": uploads.per_ms if uploads else 60_000,
            "status_interval_ms": limits.status_interval_ms,
            "live_limit": limits.live_sessions or 0,
            "max_bytes": limits.max_bytes,
            "price_a_minute": price_from("STT_PRICE", settings.STT_PRICE),
            "live_price_a_minute": price_from("STT_LIVE_PRICE", settings.STT_LIVE_PRICE),
        },
    )
    return account


def note_environment() -> None:
    """Store the account that the environment describes. If it describes none, no earlier one counts as its own."""
    try:
        from_environment()
    except NoProvider:
        ProviderAccount.objects.update(is_environment=False)


def is_of_environment(account: ProviderAccount) -> bool:
    """Tell whether the environment describes the account, now or when its settings were others."""
    return account.name in {kind.name for kind in registry.KINDS.values()}


def _forget_health_of_another(name: str, endpoint: str) -> None:
    """What the provider at another address said of itself says nothing of this one."""
    for other in ProviderAccount.objects.filter(name=name).exclude(endpoint=endpoint):
        forget_health(other)


def forget_health(account: ProviderAccount) -> None:
    """Know nothing of the provider until it is asked again, nor where it is: that was said of another address."""
    unknown = {"engine": "", "is_draft": False, "languages": None, "is_healthy": False, "health_message": ""}
    known_of = ProviderAccount.objects.filter(pk=account.pk)
    known_of.update(**unknown, aligns=False, place="", health_checked_at=None)


def limits_from(text: str, documented: Limits) -> Limits:
    """Read STT_LIMITS: `documented`, `none`, or some of `uploads=COUNT/SECONDS,status=SECONDS,live=COUNT`.

    What is left out has no limit. They say how often and how many at the same time; how large an upload may be stays as
    documented. Raises ValueError with a sentence.
    """
    if text == "documented":
        return documented
    if text == "none":
        return Limits(max_bytes=documented.max_bytes)
    try:
        parts = dict(part.strip().split("=", 1) for part in text.split(","))
        limits = Limits(
            uploads=_rate(parts.pop("uploads", "")),
            status_interval_ms=round(float(parts.pop("status", "0")) * 1000),
            max_bytes=documented.max_bytes,
            live_sessions=int(parts.pop("live", "0")) or None,
        )
        if parts or min(limits.status_interval_ms, limits.live_sessions or 0) < 0:
            raise ValueError(text)
    except ValueError:
        raise ValueError(
            f"STT_LIMITS is “{text}”; it must be “documented”, “none” or such as “uploads=5/60,status=5,live=3”."
        ) from None
    return limits


def price_from(name: str, text: str) -> Decimal:
    """Read the price of a minute. Raises ValueError with a sentence."""
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or not 0 <= price < DEAREST:
        raise ValueError(f"{name} is “{text}”; it must be the price of a minute, such as 0.006.")
    return price


def _rate(text: str) -> RateRule | None:
    """Read `COUNT/SECONDS`; nothing is no limit. Raises ValueError."""
    if not text:
        return None
    count, seconds = text.split("/")
    rule = RateRule(int(count), round(float(seconds) * 1000))
    if rule.count < 1 or rule.per_ms < 1:
        raise ValueError(text)
    return rule
