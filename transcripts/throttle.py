"""Provider limits, shared by all workers through Redis and measured from the provider's answers.

An account with an upload limit of `count` a window has that many slots. `acquire` takes a free one; it stays
taken while the upload runs and, once `settle` was called with the answer, for one window more. A window that
begins with the answer can never be earlier than the provider's own, wherever in the request that one counts.

State of an account: a sorted set `slots` (token → the millisecond at which its slot is free again) and a
`cool` key (the millisecond until which a 429 asked everybody to wait). All times are Redis's own clock, so the
clocks of hosts do not matter. Nothing ever waits in here: the caller is told when to come again.

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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redis.commands.core import Script

# The provider's clock may tick a little slower than ours.
MARGIN_MS: Final = 50

_ACQUIRE = """
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local limit, hold, token = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local cool = tonumber(redis.call('GET', KEYS[2]) or '0')
if cool > now then return {'wait', cool - now} end
if limit == 0 then return {'ok', 0} end
if redis.call('EXISTS', KEYS[3]) == 0 then return {'unknown', 0} end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) < limit then
  redis.call('ZADD', KEYS[1], now + hold, token)
  return {'ok', 0}
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {'wait', math.max(1, math.ceil(first[2] - now))}
"""

_SETTLE = """
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[1]) - tonumber(ARGV[2]), ARGV[3])
"""

_COOL = """
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local till = now + tonumber(ARGV[1])
if till > tonumber(redis.call('GET', KEYS[1]) or '0') then redis.call('SET', KEYS[1], till, 'PX', ARGV[1]) end
"""

_SHORTEN = """
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local most, changed = now + tonumber(ARGV[1]), 0
for i, token in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. most, '+inf')) do
  redis.call('ZADD', KEYS[1], most, token); changed = changed + 1
end
return changed
"""

_SLOTS = """
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local cool = tonumber(redis.call('GET', KEYS[2]) or '0')
local found = {math.max(0, cool - now)}
for i, v in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf', 'WITHSCORES')) do
  if i % 2 == 0 then found[#found + 1] = math.ceil(v - now) end
end
return found
"""


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


def acquire(window: Window, token: str) -> Grant:
    """Take a slot for an upload named `token`. Raises Unavailable."""
    hold = window.deadline_ms + window.window_ms
    word, wait = _call(_ACQUIRE, _keys(window.account_id), (window.count, hold, token))
    return Grant(taken=word == b"ok", wait_ms=int(wait), forgot=word == b"unknown")


def settle(window: Window, token: str, *, age_ms: int = 0) -> None:
    """Start the slot's window at the provider's answer, `age_ms` ago. Raises Unavailable."""
    if window.count:
        _call(_SETTLE, _keys(window.account_id)[:1], (window.window_ms + MARGIN_MS, age_ms, token))


def release(window: Window, token: str) -> None:
    """Give back a slot that was not used. Raises Unavailable."""
    _guarded(lambda: _client().zrem(_keys(window.account_id)[0], token))


def remember(window: Window, ages_ms: Sequence[int]) -> None:
    """Rebuild lost slots from the ages of the answers of the last window. Raises Unavailable."""
    for number, age in enumerate(ages_ms):
        settle(window, f"remembered-{number}", age_ms=age)
    _guarded(lambda: _client().set(_keys(window.account_id)[2], 1))


def cool(account_id: int, wait_ms: int) -> None:
    """Keep everybody from the account for `wait_ms`, as its provider asked. Raises Unavailable."""
    _call(_COOL, _keys(account_id)[1:2], (max(1, wait_ms),))


def slots(window: Window) -> list[int]:
    """Milliseconds until each of the account's slots is free, soonest first; empty without a limit.

    A cool-down counts for all of them. Raises Unavailable.
    """
    cooling, *taken = (int(value) for value in _call(_SLOTS, _keys(window.account_id)[:2], ()))
    if not window.count:
        return [cooling] if cooling else []
    free = [0] * max(0, window.count - len(taken))
    return [max(cooling, wait) for wait in (*free, *sorted(taken)[: window.count])]


def cooling_ms(account_id: int) -> int:
    """Return for how much longer the account's provider asked everybody to wait, or 0. Raises Unavailable."""
    left = _guarded(lambda: _client().pttl(_keys(account_id)[1]))
    return max(0, int(left))


def warm(account_id: int) -> bool:
    """End a cool-down: the next request asks whether the provider answers again. Raises Unavailable."""
    return bool(_guarded(lambda: _client().delete(_keys(account_id)[1])))


def shorten(window: Window) -> int:
    """Free slots whose upload never settled a window from now, as if it was answered now; return how many.

    Never earlier than the provider can allow. Call it only while no upload to the account runs. Raises Unavailable.
    """
    return int(_call(_SHORTEN, _keys(window.account_id)[:1], (window.window_ms + MARGIN_MS,)))


def clock_ms() -> int:
    """Return Redis's own clock, in milliseconds of Unix time. Raises Unavailable."""
    seconds, microseconds = _guarded(lambda: _client().time())
    return int(seconds) * 1000 + int(microseconds) // 1000


def _keys(account_id: int) -> list[str]:
    return [f"verbatim:throttle:{account_id}:{part}" for part in ("slots", "cool", "known")]


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5)


@cache
def _script(source: str) -> Script:
    return _client().register_script(source)


def _call(source: str, keys: Sequence[str], arguments: Sequence[int | str]) -> Any:
    return _guarded(lambda: _script(source)(keys=list(keys), args=list(arguments)))


def _guarded(call: Any) -> Any:
    try:
        return call()
    except redis.RedisError as error:
        raise Unavailable from error
