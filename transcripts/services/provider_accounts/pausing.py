"""Pausing an account: nothing new is sent to it until an operator resumes it; what it has is still asked for."""

from __future__ import annotations

from django.db import transaction

from transcripts import clock, events, queue
from transcripts.models import ProviderAccount, Recording
from transcripts.models.choices import ACTIVE_JOB
from transcripts.services.errors import Refused

PAUSED = "An operator paused the provider “{}”. Recordings are saved and will be sent when it is resumed."


def pause(account: ProviderAccount) -> bool:
    """Send nothing new to the account; False if it was paused before."""
    with transaction.atomic():
        is_changed = bool(ProviderAccount.objects.filter(pk=account.pk, paused_at=None).update(paused_at=clock.now()))
        _tell(account)
    return is_changed


def resume(account: ProviderAccount) -> bool:
    """Send what waits again; False if it was not paused."""
    with transaction.atomic():
        paused = ProviderAccount.objects.filter(pk=account.pk, paused_at__isnull=False)
        is_changed = bool(paused.update(paused_at=None))
        queue.wake_submissions(account.pk)
        _tell(account)
    return is_changed


def refuse_paused(account: ProviderAccount) -> None:
    """Raise Refused for live speech to a paused account: it can't wait."""
    if is_paused(account.pk):
        raise Refused(
            "account_paused",
            f"An operator paused the provider “{account}”, so no live session can begin. Ask an administrator, or "
            "record and upload the file: it will be transcribed later.",
        )


def message_of(account: ProviderAccount) -> str:
    """Say to people why their recordings wait; nothing if the account is not paused."""
    return PAUSED.format(account) if account.paused_at else ""


def _tell(account: ProviderAccount) -> None:
    """Have the pages of the teams that wait for the account say so."""
    waiting = Recording.objects.filter(jobs__account=account, jobs__status__in=ACTIVE_JOB)
    for team_id in waiting.order_by().values_list("team_id", flat=True).distinct():
        events.publish_to_team("queue.changed", team_id)


def is_paused(account_id: int) -> bool:
    """Tell whether an operator paused the account, as it is now."""
    return ProviderAccount.objects.filter(pk=account_id, paused_at__isnull=False).exists()
