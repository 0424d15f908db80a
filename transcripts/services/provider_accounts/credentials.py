"""Keys that operators enter in the console: encrypted immediately, never shown again."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import clock
from transcripts.models import Credential, ProviderAccount
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import keys, pausing
from transcripts.services.provider_accounts.secret_stores import sealing

if TYPE_CHECKING:
    from accounts.models import User

# The key of before and the one that replaces it
MOST_AT_ONCE = 2
LONGEST = 8_000
SHOWN = 4
# Of a shorter key, its last four would say too much
LEAST_TO_SHOW = 12


def enter(account: ProviderAccount, text: str, *, by: User) -> Credential:
    """Add a key to the account; it is used from the next call on. Raises Refused."""
    key = _checked(text)
    with transaction.atomic():
        # One after the other, for both could be the second
        ProviderAccount.objects.select_for_update().get(pk=account.pk)
        if Credential.objects.filter(account=account, retired_at=None).count() >= MOST_AT_ONCE:
            raise Refused("too_many_keys", "This account has two keys. Retire one of them, then enter the new one.")
        last_four = key[-SHOWN:] if len(key) >= LEAST_TO_SHOW else ""
        made = Credential.objects.create(account=account, secret=sealing.seal(key), last_four=last_four, made_by=by)
        ProviderAccount.objects.filter(pk=account.pk).update(has_key=True)
        pausing.try_keys_again(account)
    return made


@transaction.atomic
def retire(credential: Credential) -> bool:
    """Use a key no more and forget it; False if that was done before."""
    mine = Credential.objects.filter(pk=credential.pk, retired_at=None)
    is_changed = bool(mine.update(retired_at=clock.now(), secret=""))
    account = ProviderAccount.objects.get(pk=credential.account_id)
    ProviderAccount.objects.filter(pk=account.pk).update(has_key=bool(keys.of(account)))
    return is_changed


def retire_all(account: ProviderAccount) -> int:
    """Forget all keys of an account, as when its address changes: they were entered for another one."""
    return sum(retire(row) for row in keys.entered(account))


def seal_anew() -> tuple[int, int]:
    """Encrypt every key with the newest master key; return how many were and how many can't be read."""
    sealed = unreadable = 0
    for row in Credential.objects.filter(retired_at=None):
        key = sealing.opened(row.secret)
        if key is None:
            unreadable += 1
            continue
        # Unless it was retired or sealed since
        same = Credential.objects.filter(pk=row.pk, secret=row.secret, retired_at=None)
        sealed += same.update(secret=sealing.seal(key))
    return sealed, unreadable


def _checked(text: str) -> str:
    """Return the key without the spaces around it. Raises Refused, without the key."""
    key = text.strip()
    if not key:
        raise Refused("no_key", "Enter a key.")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in key):
        raise Refused("bad_key", "The key contains characters that can’t be seen. Copy it again, without line breaks.")
    if len(key) > LONGEST:
        raise Refused("bad_key", f"The key is longer than {LONGEST:,} characters. Copy only the key.")
    return key
