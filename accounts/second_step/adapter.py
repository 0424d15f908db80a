"""How allauth's second step is stored and named here."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

if TYPE_CHECKING:
    from accounts.models import User

NAME = "Passkey"


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Encrypts secrets with a key derived from SECRET_KEY, so that a copy of the database signs no one in."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code or passkey isn’t right. Try again.",
        "unverified_email": "Verify your e-mail address first.",
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a secret before it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a stored secret, with an earlier SECRET_KEY too."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name this instance for browsers: passkeys belong to its host."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Verbatim"}

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        """Propose a name for a new passkey."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"{NAME} {count + 1}" if count else NAME


def _cipher() -> MultiFernet:
    return MultiFernet([_key(str(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    digest = hashlib.sha256(b"accounts.second_step" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
