"""What operators do about accounts, sessions, mail and the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from accounts.mail import delivery
from accounts.models import Mail
from transcripts import queue, throttle
from transcripts.models import LiveSession, ProviderAccount, Step
from transcripts.models.choices import LiveStatus, StepKind, StepStatus
from transcripts.services.errors import Refused
from transcripts.services.live import lifecycle
from transcripts.services.live.leases import HOLDABLE
from transcripts.services.operating.words import counted
from transcripts.services.provider_accounts import accounts, health, pausing

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User

NO_REDIS = "Redis doesn’t answer, so the limits of providers can’t be changed. Start it, then try again."


def account_of(target: str) -> ProviderAccount:
    """Return the account that an act names. Raises Refused."""
    found = ProviderAccount.objects.filter(pk=int(target) if target.isdecimal() else 0).first()
    if found is None:
        raise Refused("nothing_to_do", "This provider account no longer exists.")
    return found


def pause_account(account: ProviderAccount, actor: User) -> str:
    """Send nothing new to the account."""
    return f"{account} is paused." if pausing.pause(account) else f"{account} was paused already."


def resume_account(account: ProviderAccount, actor: User) -> str:
    """Send again what waits."""
    return f"{account} is resumed." if pausing.resume(account) else f"{account} was not paused."


def check_account(account: ProviderAccount, actor: User) -> str:
    """Ask the provider for its health now; what waits for it is tried again if it answers."""
    health.check_health(account)
    account.refresh_from_db()
    if not account.is_healthy:
        raise Refused("unhealthy", f"{account} still doesn’t answer: {account.health_message}")
    Step.objects.filter(job__account=account, status=StepStatus.READY, attempts__gt=0).update(woken_at=None)
    queue.wake_submissions(account.pk)
    return f"{account} answers."


def end_cooldown(account: ProviderAccount, actor: User) -> str:
    """End the wait that a provider asked for."""
    try:
        throttle.warm(account.pk)
    except throttle.Unavailable:
        raise Refused("redis", NO_REDIS) from None
    queue.wake_submissions(account.pk)
    return f"{account} is asked again."


def release_slots(account: ProviderAccount, actor: User) -> str:
    """Free the slots that dead workers left taken, a window from now."""
    if Step.objects.filter(job__account=account, kind=StepKind.SUBMIT, status=StepStatus.RUNNING).exists():
        raise Refused("uploading", "An upload to this account is running, so its slots are in use. Try again after it.")
    try:
        count = throttle.shorten(accounts.window(account))
    except throttle.Unavailable:
        raise Refused("redis", NO_REDIS) from None
    return f"{counted(count, 'slot')} will be free after one window."


def end_session(session_id: UUID, actor: User) -> str:
    """End a live session that no page sends audio to; what was recorded is kept."""
    session = LiveSession.objects.filter(pk=session_id).select_related("recording").first()
    if session is None or not lifecycle.finish(session, only=Q(status__in=HOLDABLE)):
        return "This session had ended already."
    return f"Ended “{session.recording}”. Its recording is kept."


def save_session(session_id: UUID, actor: User) -> str:
    """Have a worker put the audio of an ended session together."""
    if not LiveSession.objects.filter(pk=session_id, status=LiveStatus.FINISHING).exists():
        return "This session is saved already."
    queue.wake_sealing(session_id)
    return "Saving the session now."


def send_mail_again(error: str, actor: User) -> str:
    """Send the mails again that were given up for this reason."""
    return f"Sending {counted(delivery.send_again(Mail.objects.filter(error=error)), 'mail')} again."


def clean_up(_: str, actor: User) -> str:
    """Have a worker remove what has expired."""
    queue.wake_round("housekeeping_round")
    return "Cleaning up. It takes a minute."


def refresh_statistics(_: str, actor: User) -> str:
    """Have the database count its tables again."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return "The database has counted its tables again."
