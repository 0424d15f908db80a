"""What uploads and live sessions cost: written with what is sent, so that a new price changes nothing of the past."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Sum

from transcripts.models import Charge
from transcripts.models.choices import CallOutcome, ChargeKind
from transcripts.services import quotas

if TYPE_CHECKING:
    from accounts.models import Team
    from transcripts.models import LiveSession, ProviderCall

MICROS = 1_000_000
MINUTE_MS = 60_000
# A provider that answered so certainly did not take the audio
NOT_TAKEN = (CallOutcome.ERROR, CallOutcome.FAILED, CallOutcome.RATE_LIMITED)


def cost_micros(price_a_minute: Decimal, audio_ms: int) -> int:
    """Return what so much audio costs at this price, in millionths of the currency."""
    exact = price_a_minute * MICROS * audio_ms / MINUTE_MS
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def in_words(micros: int) -> str:
    """Write an amount with the currency, such as USD 12.34."""
    return f"{settings.CURRENCY} {Decimal(micros) / MICROS:,.2f}"


def charge_upload(call: ProviderCall, team: Team) -> None:
    """Write what an upload costs; call it in the transaction that commits the intent to send."""
    Charge.objects.create(
        team=team,
        team_name=team.name,
        account=call.account,
        kind=ChargeKind.RECORDING,
        call=call,
        audio_ms=call.audio_ms,
        micros=cost_micros(call.account.price_a_minute, call.audio_ms),
    )


def charge_live(session: LiveSession, audio_ms: int) -> None:
    """Write what a live session cost, once; call it in the transaction that ends it."""
    team, account = session.recording.team, session.account
    Charge.objects.get_or_create(
        session=session,
        defaults={
            "team": team,
            "team_name": team.name,
            "account": account,
            "kind": ChargeKind.LIVE,
            "audio_ms": audio_ms,
            "micros": cost_micros(account.live_price_a_minute, audio_ms),
        },
    )


def void(call: ProviderCall) -> bool:
    """Remove the charge of an upload that the provider did not take; tell whether there was one."""
    return bool(Charge.objects.filter(call=call).delete()[0])


def spent_micros(team: Team) -> int:
    """Return what a team spent this calendar month, in millionths of the currency."""
    found = Charge.objects.filter(team=team, at__gte=quotas.month()).aggregate(all=Sum("micros"))["all"]
    return int(found or 0)
