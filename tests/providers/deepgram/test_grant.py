"""Deepgram's tokens in place of the key in live handshakes: shared, renewed in time, done without if denied."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.live.provider import Fault, echo_words
from tests.support.live.relay import Session
from transcripts.providers import tokens
from transcripts.providers.base import Connection, Options
from transcripts.providers.errors import AuthenticationFailed
from transcripts.providers.relay.credentials import CodecFactory
from transcripts.providers.relay.runner import ProviderRefused, Reconnecting

if TYPE_CHECKING:
    from tests.support.providers.deepgram import DeepgramDouble

LENGTH_MS = 1_500


async def spoken(deepgram: DeepgramDouble) -> Session:
    """Hold a session to its end."""
    session = Session(deepgram, kind="deepgram")
    assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
    return session


def sent(deepgram: DeepgramDouble) -> list[str]:
    """What each handshake proved itself with."""
    return [entry["headers"]["Authorization"] for entry in deepgram.ledger("live")]


async def test_a_handshake_carries_a_token_and_no_key(deepgram: DeepgramDouble) -> None:
    await spoken(deepgram)
    [entry] = deepgram.ledger("live")
    assert entry["headers"]["Authorization"].startswith("Bearer jwt-")
    assert deepgram.key not in str(entry)
    [granted] = deepgram.ledger("token")
    assert (granted["headers"]["Authorization"], granted["query"]) == (f"Token {deepgram.key}", {})


async def test_connections_that_begin_together_share_a_token(deepgram: DeepgramDouble) -> None:
    deepgram.rescript({"live": [Fault("reset", 3_200), Fault("reset", 6_400)]})
    await spoken(deepgram)
    await spoken(deepgram)
    assert len(set(sent(deepgram))) == 1
    assert (len(sent(deepgram)), len(deepgram.ledger("token"))) == (4, 1)


@pytest.mark.parametrize("skew_s", [0, -86_400, 86_400])
async def test_tokens_of_four_seconds_lead_to_no_refusal_whatever_the_clocks_say(
    deepgram: DeepgramDouble, monkeypatch: pytest.MonkeyPatch, skew_s: int
) -> None:
    seconds, wall = [0.0], time.time
    monkeypatch.setattr(tokens, "now_ms", lambda: round(seconds[0] * 1000))
    monkeypatch.setattr(time, "time", lambda: wall() - skew_s)
    deepgram.lasts_s, deepgram.now = 4, lambda: seconds[0] + skew_s
    for _ in range(60):
        session = await spoken(deepgram)
        assert "Reconnecting" not in session.states()
        seconds[0] += 1
    assert (len(sent(deepgram)), len(deepgram.ledger("token"))) == (60, 30)


@pytest.mark.parametrize(
    "denial",
    [
        {"no_grants": True},
        {"faults": [{"on": "token", "do": "answer", "code": 404}]},
        {"faults": [{"on": "token", "do": "answer", "code": 401}]},
        {"faults": [{"on": "token", "do": "answer", "code": 200}]},
    ],
)
async def test_a_key_without_tokens_is_sent_itself_and_asked_with_again_after_ten_minutes(
    deepgram: DeepgramDouble, monkeypatch: pytest.MonkeyPatch, denial: dict[str, Any]
) -> None:
    now = [0]
    monkeypatch.setattr(tokens, "now_ms", lambda: now[0])
    deepgram.rescript(denial)
    for _ in range(3):
        session = await spoken(deepgram)
        assert "Reconnecting" not in session.states()
    assert sent(deepgram) == [f"Token {deepgram.key}"] * 3
    assert len(deepgram.ledger("token")) == 1
    deepgram.rescript({})
    now[0] += 600_000
    await spoken(deepgram)
    assert sent(deepgram)[0].startswith("Bearer ")


async def test_after_a_token_was_taken_back_the_key_is_sent(deepgram: DeepgramDouble) -> None:
    await spoken(deepgram)
    deepgram.tokens.clear()
    session = await spoken(deepgram)
    [again] = [event for event in session.events if isinstance(event, Reconnecting)]
    assert isinstance(again.error, AuthenticationFailed)
    await spoken(deepgram)
    assert [one.partition(" ")[0] for one in sent(deepgram)] == ["Bearer", "Bearer", "Token", "Token"]
    assert len(deepgram.ledger("token")) == 1


async def test_a_key_that_is_refused_ends_the_session_after_one_handshake(deepgram: DeepgramDouble) -> None:
    deepgram.rescript({"keys": {0: ["another"]}})
    session = Session(deepgram, kind="deepgram")
    assert not await session.whole(LENGTH_MS)
    [refused] = [event for event in session.events if isinstance(event, ProviderRefused)]
    assert isinstance(refused.error, AuthenticationFailed)
    assert sent(deepgram) == [f"Token {deepgram.key}"]


@pytest.mark.parametrize("code", [429, 503])
async def test_an_outage_of_the_grants_is_waited_for(deepgram: DeepgramDouble, code: int) -> None:
    deepgram.rescript({"faults": [{"on": "token", "do": "answer", "code": code, "nth": nth} for nth in (1, 2)]})
    session = await spoken(deepgram)
    assert session.states().count("Reconnecting") == 2
    assert [one.partition(" ")[0] for one in sent(deepgram)] == ["Bearer"]


async def test_neither_key_nor_token_is_shown(deepgram: DeepgramDouble, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await spoken(deepgram)
    token = sent(deepgram)[0].partition(" ")[2]
    codec = await CodecFactory("deepgram", Connection(deepgram.url, deepgram.key), Options("en")).make()
    shown = caplog.text + repr(codec.connect()) + repr(vars(codec)) + codec.connect().url
    assert token not in shown
    assert deepgram.key not in shown
