"""Short-lived tokens: fetched once, shared, renewed in time, and never shown."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from transcripts.providers import tokens
from transcripts.providers.errors import AuthenticationFailed, Busy, ProviderError, QuotaExceeded, RateLimited
from transcripts.providers.tokens import NotGranted, Token, Tokens, read_token
from transcripts.providers.wire import Reply


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
        self.error: ProviderError | NotGranted | None = None

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


def test_a_token_that_serves_once_is_given_once(clock: Clock) -> None:
    found = Tokens(Counting(0))
    assert [found.current() for _ in range(3)] == ["token 1", "token 2", "token 3"]


def test_a_denial_holds_for_ten_minutes(clock: Clock) -> None:
    grant = Counting()
    found = Tokens(grant)
    grant.error = NotGranted()
    with pytest.raises(NotGranted):
        found.current()
    grant.error = None
    clock.ms += 599_999
    with pytest.raises(NotGranted):
        found.current()
    clock.ms += 1
    assert found.current() == "token 1"
    found.deny()
    with pytest.raises(NotGranted):
        found.current()


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 422])
def test_a_refusal_of_a_token_is_none_of_the_key(code: int) -> None:
    with pytest.raises(NotGranted):
        read_token(Reply(code, {}, b"{}"), key="k", value="token", seconds="lasts")


@pytest.mark.parametrize(
    ("code", "error"), [(402, QuotaExceeded), (408, Busy), (429, RateLimited), (500, Busy), (503, Busy)]
)
def test_what_says_nothing_of_the_right_to_tokens_is_an_error(code: int, error: type[ProviderError]) -> None:
    with pytest.raises(error):
        read_token(Reply(code, {}, b"{}"), key="k", value="token", seconds="lasts")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"token": "t"}',
        b'{"lasts": 5}',
        b'{"token": "", "lasts": 5}',
        b'{"token": 7, "lasts": 5}',
        b'{"token": "t", "lasts": "soon"}',
        b'{"token": "t\r\nHost: x", "lasts": 5}',
        '{"token": "é", "lasts": 5}'.encode(),
    ],
)
def test_an_answer_without_a_token_grants_none(body: bytes) -> None:
    with pytest.raises(NotGranted):
        read_token(Reply(200, {}, body), key="k", value="token", seconds="lasts")


def test_a_life_in_seconds_may_have_a_fraction() -> None:
    reply = Reply(200, {}, b'{"token": "t", "lasts": 2.5}')
    assert read_token(reply, key="k", value="token", seconds="lasts") == Token("t", 2_500)


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
