"""Accounts that nothing new is sent to: an operator paused them, or their provider refuses the key.

What such an account has is still asked for.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from transcripts import clock, events, queue
from transcripts.models import Credential, ProviderAccount, Recording
from transcripts.models.choices import ACTIVE_JOB
from transcripts.services.errors import Refused

PAUSED = "An operator paused the provider “{}”. Recordings are saved and will be sent when it is resumed."
REFUSED = (
    "The provider “{}” doesn’t accept this instance’s key. Recordings are saved and will be sent when an administrator "
    "has entered a valid one."
)
# What nothing new is sent to
PAUSED_NOW = Q(paused_at__isnull=False) | Q(key_refused_at__isnull=False)


def pause(account: ProviderAccount) -> bool:
    """Send nothing new to the account; False if it was paused before."""
    with transaction.atomic():
        is_changed = bool(ProviderAccount.objects.filter(pk=account.pk, paused_at=None).update(paused_at=clock.now()))
        tell(account)
    return is_changed


def resume(account: ProviderAccount) -> bool:
    """Send what waits again, with any key; False if it was not paused."""
    with transaction.atomic():
        is_changed = bool(ProviderAccount.objects.filter(PAUSED_NOW, pk=account.pk).update(paused_at=None))
        try_keys_again(account)
    return is_changed


@transaction.atomic
def try_keys_again(account: ProviderAccount) -> None:
    """Forget that keys were refused: what waits for a valid one is sent, and shows whether there is one."""
    Credential.objects.filter(account=account).update(refused_at=None)
    known = {"key_refused_at": None, "refused_key": "", "environment_key_refused_at": None}
    ProviderAccount.objects.filter(pk=account.pk).update(**known)
    queue.wake_submissions(account.pk)
    tell(account)


def refuse_paused(account: ProviderAccount) -> None:
    """Raise Refused for live speech to a paused account: it can't wait."""
    if account.key_refused_at and not account.paused_at and is_paused(account.pk):
        raise Refused(
            "key_refused",
            f"The provider “{account}” doesn’t accept this instance’s key, so no live session can begin. Ask an "
            "administrator, or record and upload the file: it will be transcribed later.",
        )
    if is_paused(account.pk):
        raise Refused(
            "account_paused",
            f"An operator paused the provider “{account}”, so no live session can begin. Ask an administrator, or "
            "record and upload the file: it will be transcribed later.",
        )


def message_of(account: ProviderAccount) -> str:
    """Say to people why their recordings wait; nothing if the account is not paused."""
    if account.paused_at:
        return PAUSED.format(account)
    return REFUSED.format(account) if account.key_refused_at else ""


def tell(account: ProviderAccount) -> None:
    """Have the pages of the teams that wait for the account say so."""
    waiting = Recording.objects.filter(jobs__account=account, jobs__status__in=ACTIVE_JOB)
    for team_id in waiting.order_by().values_list("team_id", flat=True).distinct():
        events.publish_to_team("queue.changed", team_id)


def is_paused(account_id: int) -> bool:
    """Tell whether nothing new is sent to the account, as it is now."""
    return ProviderAccount.objects.filter(PAUSED_NOW, pk=account_id).exists()
