"""How secrets are encrypted in the database: with keys that are derived from what only the environment holds.

Each use has a purpose of its own, so that no ciphertext can be put in the place of another's.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"verbatim provider keys"


def derived(secret: str, purpose: bytes) -> Fernet:
    """Return the cipher that a secret gives for a purpose (HKDF, RFC 5869)."""
    key = HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def seal(key: str) -> str:
    """Encrypt a provider's key with the newest master key."""
    return _cipher().encrypt(key.encode()).decode()


def opened(ciphertext: str) -> str | None:
    """Return the provider's key; None if no master key of today encrypted it."""
    try:
        return _cipher().decrypt(ciphertext.encode()).decode()
    except InvalidToken:
        return None


def _cipher() -> MultiFernet:
    # SECRET_KEY stays able to read, so that CREDENTIALS_KEYS can be set later and the rows be rotated then
    masters = [*settings.CREDENTIALS_KEYS, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([derived(master, PURPOSE) for master in masters])
