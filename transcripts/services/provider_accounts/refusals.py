"""What follows when a provider refuses a key: the other one is used; without another the account waits."""

from __future__ import annotations

import logging
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction
from django.db.models import Q

from accounts import outbox
from accounts.models import Mail, User
from transcripts import clock, queue
from transcripts.models import Credential, ProviderAccount
from transcripts.providers import wire
from transcripts.providers.errors import AuthenticationFailed
from transcripts.services.provider_accounts import keys, pausing

if TYPE_CHECKING:
    from datetime import datetime

    from transcripts.providers.errors import ProviderError
    from transcripts.services.provider_accounts.keys import Key

logger = logging.getLogger(__name__)

# A key that was refused longer ago than this may be valid by now, and is tried before the account waits
AGAIN_AFTER = timedelta(minutes=1)
NOTED_EVERY = timedelta(minutes=1)
# A key that health takes and an upload doesn't would be told with each of them
TOLD_EVERY = timedelta(hours=1)

MAIL = """The provider “{account}” doesn’t accept this instance’s key: {said}

Recordings for it are saved and wait; nothing is lost. Enter a valid key in the console, under “Provider accounts”, or \
set it in the environment. What waits is sent then.
"""


def note(account: ProviderAccount, key: Key, error: ProviderError) -> None:
    """Take the account's keys out of what the provider said; if it refused the key, remember that.

    Without another key that may work, the account is paused.
    """
    error.args = (keys.masked(account, wire.masked(str(error), key.value)),)
    if not isinstance(error, AuthenticationFailed):
        return
    with transaction.atomic():
        now = clock.now()
        mark(account, key, now)
        fresh = ProviderAccount.objects.get(pk=account.pk)
        if any(one.refused_at is None or one.refused_at < now - AGAIN_AFTER for one in keys.of(fresh)):
            queue.wake_submissions(account.pk)
        elif ProviderAccount.objects.filter(pk=account.pk, key_refused_at=None).update(key_refused_at=now):
            _tell_operators(account, str(error))
            pausing.tell(account)


def note_live(account: ProviderAccount, value: str, error: ProviderError) -> None:
    """Remember that a live session ended because this key was refused, if it is still one of the account's.

    A 403 can be of live speech alone and says nothing of the key. If the database is away the recording's own upload
    finds out, for the session's words must not wait.
    """
    if error.status_code == HTTPStatus.FORBIDDEN:
        return
    try:
        found = [key for key in keys.of(ProviderAccount.objects.get(pk=account.pk)) if key.value == value]
        for key in found:
            note(account, key, error)
    except DatabaseError as failure:
        logger.warning("A key that was refused live could not be noted: %s", type(failure).__name__)


def note_accepted(account: ProviderAccount, key: Key) -> None:
    """Remember that the provider took the key: it isn't refused any more, and the account needn't wait."""
    now = clock.now()
    if key.credential is not None:
        mine = Credential.objects.filter(pk=key.credential.pk)
        is_old = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY) | Q(refused_at__isnull=False)
        mine.filter(is_old).update(last_used_at=now, refused_at=None)
    elif key.refused_at is not None:
        mine_now = ProviderAccount.objects.filter(pk=account.pk, refused_key=keys.mark_of(key.value))
        mine_now.update(refused_key="", environment_key_refused_at=None)
    if ProviderAccount.objects.filter(pk=account.pk, key_refused_at__isnull=False).update(key_refused_at=None):
        queue.wake_submissions(account.pk)
        pausing.tell(account)


def resume_with_another_key(account: ProviderAccount) -> None:
    """Let an account that waits go on if a variable or a file holds another key than those that were refused."""
    if account.key_refused_at and any(key.refused_at is None for key in keys.of(account)):
        pausing.try_keys_again(account)


def retry_at(error: ProviderError, *, wait: timedelta = timedelta()) -> datetime | None:
    """Return when to try again what only a key failed: that is no fault of the job. None for any other error."""
    return clock.now() + wait if isinstance(error, AuthenticationFailed) else None


def mark(account: ProviderAccount, key: Key, now: datetime) -> None:
    """Note on the key that it was refused: another one is used while there is one."""
    if key.credential is not None:
        Credential.objects.filter(pk=key.credential.pk).update(refused_at=now)
        return
    mark = keys.mark_of(key.value)
    ProviderAccount.objects.filter(pk=account.pk).update(refused_key=mark, environment_key_refused_at=now)


def _tell_operators(account: ProviderAccount, said: str) -> None:
    """Write to everyone who can enter a key, unless they were told within the hour."""
    subject, text = f"{account} refuses the key", MAIL.format(account=account, said=said[:300])
    lately = Mail.objects.filter(subject=subject, created_at__gt=clock.now() - TOLD_EVERY)
    told = set(lately.values_list("to", flat=True))
    for address in User.objects.filter(is_superuser=True, is_active=True).values_list("email", flat=True):
        if address not in told:
            outbox.post(address, subject, text)
