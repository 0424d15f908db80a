"""Short-lived tokens: fetched once, shared, renewed in time, and never shown."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from transcripts.providers import tokens
from transcripts.providers.errors import AuthenticationFailed, Busy, ProviderError
from transcripts.providers.tokens import Token, Tokens


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.ms = 5_000

    def __call__(self) -> int:
        return self.ms


class Counting:
    """A grant whose tokens are numbers; an `error` is raised in place of the next."""

    def __init__(self, lasts_ms: int = 3_600_000) -> None:
        self.lasts_ms, self.fetched = lasts_ms, 0
        self.error: ProviderError | None = None

    def fetch(self) -> Token:
        if self.error is not None:
            raise self.error
        self.fetched += 1
        return Token(f"token {self.fetched}", self.lasts_ms)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(tokens, "now_ms", found)
    return found


def test_a_token_serves_until_a_minute_before_it_expires(clock: Clock) -> None:
    found = Tokens(Counting())
    assert found.current() == "token 1"
    clock.ms += 3_600_000 - 60_001
    assert found.current() == "token 1"
    clock.ms += 1
    assert found.current() == "token 2"


def test_half_the_life_of_a_short_one_is_used(clock: Clock) -> None:
    grant = Counting(20_000)
    found = Tokens(grant)
    for _ in range(600):
        found.current()
        clock.ms += 1_000
    assert grant.fetched == 60


def test_its_life_is_counted_from_before_it_was_asked_for(clock: Clock) -> None:
    class Slow(Counting):
        def fetch(self) -> Token:
            clock.ms += 15_000
            return super().fetch()

    found = Tokens(Slow(100_000))
    assert found.current() == "token 1"
    clock.ms += 35_000  # 50 s since it was asked for
    assert found.current() == "token 2"


def test_a_refused_token_is_replaced_once_whoever_says_so(clock: Clock) -> None:
    grant = Counting()
    found = Tokens(grant)
    refused = found.current()
    assert [found.renew(refused) for _ in range(3)] == ["token 2"] * 3
    assert grant.fetched == 2


def test_in_an_outage_a_token_is_used_for_the_rest_of_its_life(clock: Clock) -> None:
    grant = Counting()
    found = Tokens(grant)
    found.current()
    grant.error = Busy("down")
    clock.ms += 3_590_000
    assert found.current() == "token 1"
    clock.ms += 10_000
    with pytest.raises(Busy):
        found.current()
    grant.error = None
    assert found.current() == "token 2"


def test_a_key_that_is_refused_is_no_outage(clock: Clock) -> None:
    grant = Counting()
    found = Tokens(grant)
    found.current()
    grant.error = AuthenticationFailed("revoked")
    clock.ms += 3_590_000
    with pytest.raises(AuthenticationFailed):
        found.current()


class Crowded:
    """A lock that says when so many have come to it."""

    def __init__(self, many: int) -> None:
        self.all_came = threading.Event()
        self._left, self._lock, self._counting = many, threading.Lock(), threading.Lock()

    def __enter__(self) -> None:
        with self._counting:
            self._left -= 1
            if not self._left:
                self.all_came.set()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


@pytest.mark.parametrize("is_refused", [False, True])
def test_threads_that_need_one_at_the_same_time_ask_once(*, is_refused: bool) -> None:
    class Patient(Counting):
        def fetch(self) -> Token:
            assert door.all_came.wait(30)
            return super().fetch()

    grant, door = Patient(), Crowded(1)
    found = Tokens(grant)
    found._lock = door  # type: ignore[assignment]
    if is_refused:
        found.current()
    found._lock = door = Crowded(7)  # type: ignore[assignment]
    with ThreadPoolExecutor(7) as pool:
        given = set(pool.map(lambda _: found.renew("token 1") if is_refused else found.current(), range(7)))
    assert given == {f"token {1 + is_refused}"}
    assert grant.fetched == 1 + is_refused


def test_a_process_shares_the_token_of_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_shared", {})
    mine, again = tokens.shared("a key", Counting), tokens.shared("a key", Counting)
    assert mine is again
    assert tokens.shared("another", Counting) is not mine
    assert "a key" not in repr(tokens._shared)


def test_keys_that_were_replaced_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_shared", {})
    for number in range(tokens.MOST_SHARED + 5):
        tokens.shared(f"key {number}", Counting)
    assert len(tokens._shared) == tokens.MOST_SHARED


def test_a_token_is_in_no_repr(clock: Clock) -> None:
    found = Tokens(Counting())
    found.current()
    assert "token 1" not in repr(Token("token 1", 5)) + repr(found) + repr(vars(found))
