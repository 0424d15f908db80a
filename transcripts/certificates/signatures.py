"""Ed25519 keys (RFC 8032), and what is signed with them."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from transcripts.certificates.container import NotACertificate

KEY_BYTES = 32
# A signature for this can't be taken for one of anything else.
PURPOSE = b"verbatim certificate 1\n"
GROUP = 4
UNREADABLE = "The signature of this certificate can’t be read."


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The key that a signature is checked with: 32 bytes."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise ValueError("An Ed25519 public key has 32 bytes.")

    @property
    def fingerprint(self) -> str:
        """The beginning of its SHA-256 in groups of hexadecimal digits, as people compare it."""
        digits = hashlib.sha256(self.raw).hexdigest()[:32]
        return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature of this message was made with the private key that belongs to this one."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, PURPOSE + message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """The key that signatures are made with: 32 bytes that no one else may see."""

    raw: bytes

    @classmethod
    def generate(cls) -> PrivateKey:
        """Return a new one."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def public(self) -> PublicKey:
        """The public key that belongs to it."""
        return PublicKey(Ed25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.raw).sign(PURPOSE + message)


def encoded(key: PublicKey, signature: bytes) -> bytes:
    """Return a signature as JSON, with the key to check it with."""
    texts = {"public_key": base64.b64encode(key.raw).decode(), "signature": base64.b64encode(signature).decode()}
    return (json.dumps({"algorithm": "Ed25519", **texts}, indent=1) + "\n").encode()


def decoded(content: bytes) -> tuple[PublicKey, bytes]:
    """Return the key and the signature of this JSON. Raises NotACertificate for any other way to write them."""
    try:
        read = json.loads(content)
        key, signature = PublicKey(base64.b64decode(read["public_key"])), base64.b64decode(read["signature"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotACertificate(UNREADABLE) from error
    if content != encoded(key, signature):
        raise NotACertificate(UNREADABLE)
    return key, signature
