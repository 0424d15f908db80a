"""The instance's signing keys: one is active, the others are known for what they signed.

A private key is encrypted with a key that is derived from the SECRET_KEY (HKDF, RFC 5869), so that a copy of the
database alone signs nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import IntegrityError, transaction

from transcripts.certificates import PrivateKey, PublicKey
from transcripts.models import SigningKey
from transcripts.services.provider_accounts.secret_stores import sealing

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.fernet import Fernet

logger = logging.getLogger(__name__)

PURPOSE = b"verbatim signing keys"


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A public key of this instance, and since when it signed."""

    key: PublicKey
    since: datetime
    is_active: bool


def active() -> PrivateKey:
    """Return the key that signs now; make one if there is none, or if the SECRET_KEY is another than it was."""
    row = SigningKey.objects.filter(is_active=True).first()
    if row is not None:
        try:
            return PrivateKey(_cipher().decrypt(row.secret.encode()))
        except InvalidToken:
            logger.warning("The signing key can't be read with this SECRET_KEY. A new one signs from now on.")
    return rotate(row)


def rotate(known: SigningKey | None = None) -> PrivateKey:
    """Let a new key sign from now on. If another process did so in place of the `known` one, return that one's."""
    new = PrivateKey.generate()
    try:
        with transaction.atomic():
            retired = SigningKey.objects.filter(is_active=True)
            (retired if known is None else retired.filter(pk=known.pk)).update(is_active=False)
            SigningKey.objects.create(public=new.public.raw.hex(), secret=_cipher().encrypt(new.raw).decode())
    except IntegrityError:
        row = SigningKey.objects.get(is_active=True)
        return PrivateKey(_cipher().decrypt(row.secret.encode()))
    return new


def known() -> list[KnownKey]:
    """Return all keys of this instance, the newest first."""
    return [
        KnownKey(PublicKey(bytes.fromhex(row.public)), row.created_at, row.is_active)
        for row in SigningKey.objects.order_by("-created_at")
    ]


def _cipher() -> Fernet:
    return sealing.derived(settings.SECRET_KEY, PURPOSE)
