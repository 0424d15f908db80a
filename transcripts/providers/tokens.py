"""Short-lived tokens: fetched when first needed, shared by the process, renewed before they expire.

Times are those of a monotonic clock, so that a wall clock that is wrong or set anew makes no token seem fresh. The life
of a token is counted from before it was asked for, which is earlier than the provider counts from.
"""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from transcripts.providers.errors import BadAnswer, Busy, RateLimited, Unreachable
from transcripts.providers.wire import decode, raise_for, read_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from transcripts.providers.wire import Reply

MARGIN_MS = 60_000
# More keys than any instance has; those that were replaced go.
MOST_SHARED = 64
# A key that gets no tokens may be given the right to them; it isn't asked for with each connection until then.
DENIED_MS = 600_000
# These say nothing of the right to tokens: the account's money, a timeout, too many requests.
NO_DENIAL = frozenset({402, 408, 429})


def now_ms() -> int:
    """Return the time of a clock that only goes forward."""
    return time.monotonic_ns() // 1_000_000


class NotGranted(Exception):
    """The provider gives this key no tokens, or knows none; the key itself may be accepted all the same."""


@dataclass(frozen=True, slots=True)
class Token:
    """What proves who asks, and for how long; 0 if it serves once and is not to be used again."""

    value: str = field(repr=False)
    lasts_ms: int


class Grant(Protocol):
    """One key's way to a token, such as an exchange of a signed claim or of the key itself."""

    def fetch(self) -> Token:
        """Ask for a new token. Raises a ProviderError or NotGranted; nothing else was sent then."""


@dataclass(frozen=True, slots=True)
class _Held:
    value: str = field(repr=False)
    renew_at_ms: int
    expires_at_ms: int


class Tokens:
    """The token of one grant. Safe to share between threads: one of them fetches, the others wait for it."""

    def __init__(self, grant: Grant) -> None:
        self._grant = grant
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._denied_until_ms: int | None = None

    def current(self) -> str:
        """Return a token that is still good. Raises what the grant raises."""
        if held := self._fresh():
            return held.value
        with self._lock:
            held = self._fresh() or self._renewed()
        return held.value

    def renew(self, refused: str) -> str:
        """Return another token than this, which the provider refused. Raises what the grant raises."""
        with self._lock:
            if self._held is not None and self._held.value == refused:
                self._held = None
            held = self._fresh() or self._renewed()
        return held.value

    def deny(self) -> None:
        """Forget the token, which the provider refused, and give none for DENIED_MS: `current` raises NotGranted."""
        with self._lock:
            self._held, self._denied_until_ms = None, now_ms() + DENIED_MS

    def _fresh(self) -> _Held | None:
        held = self._held
        return held if held is not None and now_ms() < held.renew_at_ms else None

    def _renewed(self) -> _Held:
        """Fetch a token; in an outage the one at hand is used for the rest of its life."""
        began_ms, held = now_ms(), self._held
        if self._denied_until_ms is not None and began_ms < self._denied_until_ms:
            raise NotGranted
        try:
            token = self._grant.fetch()
        except NotGranted:
            self._held, self._denied_until_ms = None, began_ms + DENIED_MS
            raise
        except (Unreachable, Busy, RateLimited):
            if held is not None and now_ms() < held.expires_at_ms:
                return held
            raise
        # Of a token that lasts no longer than the margin, half its life is used.
        margin_ms = min(MARGIN_MS, token.lasts_ms // 2)
        expires_at_ms = began_ms + token.lasts_ms
        self._held = _Held(token.value, expires_at_ms - margin_ms, expires_at_ms)
        return self._held


def read_token(reply: Reply, *, key: str, value: str, seconds: str) -> Token:
    """Read the answer to a key that asked for a token; `value` and `seconds` are the names of what it holds.

    Raises NotGranted for a refusal and for an answer that holds no token: whether the key itself is accepted shows
    where it is used. Raises what the status code means if it says nothing of that.
    """
    if reply.status_code in NO_DENIAL or reply.status_code >= 500:
        raise_for(reply, key=key, pause_ms=None)
    try:
        data = decode(reply.body) if reply.status_code == 200 else {}
    except BadAnswer:
        data = {}
    token, lasts_ms = data.get(value), read_ms(data.get(seconds))
    if not isinstance(token, str) or not (token.isascii() and token.isprintable()) or not token or lasts_ms is None:
        raise NotGranted
    return Token(token, lasts_ms)


_shared: dict[str, Tokens] = {}
_shared_lock = threading.Lock()


def shared(secret: str, make: Callable[[], Grant]) -> Tokens:
    """Return this process's tokens for a secret, which is stored as its hash; `make` gives the grant of a new one."""
    name = hashlib.sha256(secret.encode()).hexdigest()
    with _shared_lock:
        if name not in _shared:
            while len(_shared) >= MOST_SHARED:
                del _shared[next(iter(_shared))]
            _shared[name] = Tokens(make())
        return _shared[name]
