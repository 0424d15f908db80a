"""Provider limits, shared by all workers through Redis and measured from what the provider counts.

An account with an upload limit of `count` a window has that many slots. `acquire` takes a free one, and it stays taken
while the upload runs. A short upload's slot is free a window after its answer: that can't be earlier than the
provider's own window, wherever in the request it counts. Of a long one that would waste much, so its slot is free a
window and a margin after its request began (`begin`). The margin grows if the provider refuses, and shrinks while it
doesn't; a provider that turns out to count later than that has all its slots counted from the answer for a day.

State of an account: a sorted set `slots` (token → the millisecond at which its slot is free again), a `cool` key (the
millisecond until which a 429 asked everybody to wait), a hash `probe` (after that, one upload goes ahead of the others:
its token, and until when it is waited for) and a hash `anchor` (from where slots are counted, and the refusals in a
row). All times are Redis's own clock, so the clocks of hosts do not matter. Nothing ever waits in here: the caller is
told when to come again.

Known sharp edges: a worker killed in mid-upload leaves its slot taken until the upload's deadline and a window are
past. After a loss of Redis's data `acquire` answers UNKNOWN once, and the caller tells the answers of the last
window from the database's ledger by `remember`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import redis
from django.conf import settings

from transcripts.throttle import scripts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redis.commands.core import Script

# The provider's clock may tick a little slower than ours.
MARGIN_MS: Final = 50
# A probe that wasn't answered for so long no longer keeps the others waiting.
PROBE_MS: Final = 60_000
# An upload that takes so long is counted from its start, with a margin to begin with, its least and its most.
LONG_MS: Final = 5_000
FIRST_MARGIN_MS, LEAST_MARGIN_MS, MOST_MARGIN_MS = 1_500, 500, 16_000
# It shrinks by a tenth after so many of them; a second refusal within an hour says that the provider counts later.
SHRINKS_AFTER, HOUR_MS, DAY_MS = 500, 3_600_000, 86_400_000
_PARTS = ("slots", "cool", "known", "probe", "anchor")


class Unavailable(Exception):
    """Redis does not answer."""


@dataclass(frozen=True, slots=True)
class Window:
    """An account's limit: `count` uploads in any `window_ms`; a count of 0 is no limit.

    `deadline_ms` bounds one upload: a slot whose upload never settled is free after both.
    """

    account_id: int
    count: int
    window_ms: int
    deadline_ms: int


@dataclass(frozen=True, slots=True)
class Grant:
    """The answer to `acquire`: taken, or come again in `wait_ms`, or the limiter lost its memory."""

    taken: bool
    wait_ms: int = 0
    forgot: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """From where an account's long uploads are counted, and how many uploads in a row were refused with 429.

    `margin_ms` is what is added to a window that begins with the request.
    """

    is_from_answer: bool
    margin_ms: int
    refused: int


def acquire(window: Window, token: str) -> Grant:
    """Take a slot for an upload named `token`. Raises Unavailable."""
    hold = window.deadline_ms + window.window_ms
    word, wait = _run(scripts.ACQUIRE, window.account_id, window.count, hold, token, PROBE_MS)
    return Grant(taken=word == b"ok", wait_ms=int(wait), forgot=word == b"unknown")


def begin(window: Window, token: str) -> None:
    """Note that the request begins now, for which the slot was taken. Raises Unavailable."""
    if window.count:
        _run(scripts.BEGIN, window.account_id, window.window_ms, token, FIRST_MARGIN_MS)


def settle(window: Window, token: str, *, age_ms: int = 0, took_ms: int = 0, is_refused: bool = False) -> None:
    """Note the provider's answer of `age_ms` ago to an upload that took `took_ms`. Raises Unavailable.

    The slot's window begins with it, or began with the request if that took long. `is_refused` if it was a 429.
    """
    constants = (LONG_MS, LEAST_MARGIN_MS, MOST_MARGIN_MS, SHRINKS_AFTER, DAY_MS, HOUR_MS, FIRST_MARGIN_MS)
    said = (window.window_ms + MARGIN_MS, age_ms, token, took_ms, int(is_refused))
    _run(scripts.SETTLE, window.account_id, *said, *constants, window.count)


def release(window: Window, token: str) -> None:
    """Give back a slot that was not used. Raises Unavailable."""
    _run(scripts.RELEASE, window.account_id, token)


def counted(account_id: int) -> Counted:
    """Return how the account's slots are counted. Raises Unavailable."""
    from_answer, margin_ms, refused = _run(scripts.COUNTED, account_id)
    return Counted(bool(from_answer), int(margin_ms) or FIRST_MARGIN_MS, int(refused))


def remember(window: Window, ages_ms: Sequence[int]) -> None:
    """Rebuild lost slots from the ages of the answers of the last window. Raises Unavailable."""
    for number, age in enumerate(ages_ms):
        settle(window, f"remembered-{number}", age_ms=age)
    _guarded(lambda: _client().set(_key(window.account_id, "known"), 1))


def cool(account_id: int, wait_ms: int) -> None:
    """Keep everybody from the account for `wait_ms`, as its provider asked. Raises Unavailable."""
    _run(scripts.COOL, account_id, max(1, wait_ms))


def slots(window: Window) -> list[int]:
    """Milliseconds until each of the account's slots is free, soonest first; empty without a limit.

    A cool-down counts for all of them. Raises Unavailable.
    """
    cooling, *taken = (int(value) for value in _run(scripts.SLOTS, window.account_id))
    if not window.count:
        return [cooling] if cooling else []
    free = [0] * max(0, window.count - len(taken))
    return [max(cooling, wait) for wait in (*free, *sorted(taken)[: window.count])]


def cooling_ms(account_id: int) -> int:
    """Return for how much longer the account's provider asked everybody to wait, or 0. Raises Unavailable."""
    left = _guarded(lambda: _client().pttl(_key(account_id, "cool")))
    return max(0, int(left))


def warm(account_id: int) -> bool:
    """End a cool-down: the next request asks whether the provider answers again. Raises Unavailable."""
    return bool(_guarded(lambda: _client().delete(_key(account_id, "cool"))))


def shorten(window: Window) -> int:
    """Free slots whose upload never settled a window from now, as if it was answered now; return how many.

    Never earlier than the provider can allow. Call it only while no upload to the account runs. Raises Unavailable.
    """
    return int(_run(scripts.SHORTEN, window.account_id, window.window_ms + MARGIN_MS))


def clock_ms() -> int:
    """Return Redis's own clock, in milliseconds of Unix time. Raises Unavailable."""
    seconds, microseconds = _guarded(lambda: _client().time())
    return int(seconds) * 1000 + int(microseconds) // 1000


def _key(account_id: int, part: str) -> str:
    return f"verbatim:throttle:{account_id}:{part}"


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5)


@cache
def _script(source: str) -> Script:
    return _client().register_script(f"{scripts.NOW}\n{source}")


def _run(source: str, account_id: int, *arguments: int | str) -> Any:
    keys = [_key(account_id, part) for part in _PARTS]
    return _guarded(lambda: _script(source)(keys=keys, args=list(arguments)))


def _guarded(call: Any) -> Any:
    try:
        return call()
    except redis.RedisError as error:
        raise Unavailable from error
