"""A service account's key, and the token that Google gives for a claim that is signed with it (RFC 7523)."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from transcripts.providers.base import Connection
from transcripts.providers.errors import AuthenticationFailed, BadAnswer, Busy, RateLimited, Unreachable
from transcripts.providers.http import Client
from transcripts.providers.retry_after import retry_after_ms, server_time
from transcripts.providers.tokens import Token
from transcripts.providers.wire import MAX_SENTENCE, decode, read_text

if TYPE_CHECKING:
    from transcripts.providers.wire import Reply

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# What each claim is made for, wherever it is sent.
TOKEN_URI = "https://oauth2.googleapis.com/token"  # an address
CLAIM_S = 3_600
# A clock that is ahead of Google's by less than this signs no claim of the future.
SKEW_S = 30
LONGEST_KEY = 64 * 1024
UNREADABLE = (
    "The key is no service account’s: set its variable to the JSON that Google Cloud gave for one, or to the path of a "
    "file with it"
)


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """What the JSON of a key says, and that JSON. Only what is no secret is shown."""

    email: str
    project: str
    token_uri: str
    key_id: str
    private_key: RSAPrivateKey = field(repr=False)
    content: str = field(repr=False)


def read(text: str) -> ServiceAccount:
    """Read a key: its JSON, or the path of a file that holds it. Raises AuthenticationFailed."""
    try:
        content = text if text.lstrip().startswith("{") else _content(text.strip())
        data = json.loads(content)
        key = load_pem_private_key(data["private_key"].encode(), password=None)
        email, project, uri = data["client_email"], data["project_id"], data.get("token_uri") or TOKEN_URI
    except (OSError, ValueError, KeyError, TypeError, AttributeError, UnsupportedAlgorithm):
        # What they say may quote the key.
        raise AuthenticationFailed(UNREADABLE) from None
    if not isinstance(key, RSAPrivateKey) or not all(isinstance(part, str) and part for part in (email, project, uri)):
        raise AuthenticationFailed(UNREADABLE)
    return ServiceAccount(email, project, uri, str(data.get("private_key_id") or ""), key, content)


def _content(path: str) -> str:
    with Path(path).open(encoding="utf-8") as file:
        return file.read(LONGEST_KEY)


class ServiceAccountGrant:
    """Exchanges signed claims of one account for tokens."""

    def __init__(self, account: ServiceAccount, *, connect_timeout_ms: int, deadline_ms: int) -> None:
        self._account = account
        where = Connection(account.token_uri, "", connect_timeout_ms=connect_timeout_ms, status_deadline_ms=deadline_ms)
        self._client = Client(where, credentials={})

    def fetch(self) -> Token:
        """Ask for a token. If the clock here is wrong, the time that Google's answer names is used instead."""
        now = time.time()
        reply = self._ask(now)
        there = server_time(reply.headers)
        if reply.status_code in (400, 401) and there is not None and abs(there - now) >= SKEW_S:
            reply = self._ask(there)
        return _token(reply)

    def _ask(self, now: float) -> Reply:
        try:
            return self._client.post_form("", {"grant_type": GRANT_TYPE, "assertion": self._claim(now)})
        except BadAnswer as error:
            raise Unreachable("The address of the tokens gave no whole answer; nothing was sent") from error

    def _claim(self, now: float) -> str:
        issued = int(now) - SKEW_S
        account = self._account
        header = {"alg": "RS256", "typ": "JWT", "kid": account.key_id}
        claims = {"iss": account.email, "scope": SCOPE, "aud": TOKEN_URI}
        signed = _part(header) + b"." + _part({**claims, "iat": issued, "exp": issued + CLAIM_S})
        signature = account.private_key.sign(signed, PKCS1v15(), SHA256())
        return (signed + b"." + _encoded(signature)).decode()


def _part(data: dict[str, Any]) -> bytes:
    return _encoded(json.dumps(data, separators=(",", ":")).encode())


def _encoded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _token(reply: Reply) -> Token:
    """Read the answer of the address of tokens, whose failures mean that nothing else was sent."""
    code = reply.status_code
    if code == 429:
        pause_ms = retry_after_ms(reply.headers, default_ms=0) or None
        raise RateLimited("Google asks to wait before it gives a token", status_code=code, retry_after_ms=pause_ms)
    if code >= 500:
        raise Busy("Google gave no token because of an internal error", status_code=code)
    try:
        data = decode(reply.body)
    except BadAnswer:
        data = {}
    value, seconds = data.get("access_token"), data.get("expires_in")
    if code == 200 and isinstance(value, str) and value.isascii() and value and isinstance(seconds, int):
        return Token(value, lasts_ms=max(seconds, 0) * 1000)
    if code in (400, 401, 403):
        reason = read_text(data.get("error_description")) or read_text(data.get("error")) or "no reason given"
        raise AuthenticationFailed(f"Google gave no token: {reason}"[:MAX_SENTENCE], status_code=code)
    raise Unreachable("The address of the tokens gave an answer that is none; nothing was sent", status_code=code)
