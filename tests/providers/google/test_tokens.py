"""Google's tokens: a claim that is signed with a service account's key, exchanged, renewed and never shown."""

from __future__ import annotations

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.providers.google import EMAIL
from transcripts.providers import tokens
from transcripts.providers.base import Connection, Options
from transcripts.providers.errors import (
    AuthenticationFailed,
    Busy,
    NotListening,
    ProviderError,
    RateLimited,
    Unreachable,
)
from transcripts.providers.google.service_account import read
from transcripts.providers.registry import build

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.providers.google import GoogleDouble
    from transcripts.providers.base import Provider


def provider(google: GoogleDouble, key: str = "") -> Provider:
    return build("google", Connection(google.url, key or google.key))


def test_one_token_serves_all_adapters_of_a_process(google: GoogleDouble) -> None:
    for _ in range(3):
        provider(google).health()
    assert len(google.ledger("token")) == 1


def test_a_token_that_expires_each_20_s_leads_to_no_refusal_in_ten_minutes(
    google: GoogleDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [0.0]
    google.lasts_s, google.now = 20, lambda: seconds[0]
    monkeypatch.setattr(tokens, "now_ms", lambda: round(seconds[0] * 1000))
    while seconds[0] < 600:
        provider(google).health()  # raises if it is refused for good
        seconds[0] += 3
    assert len(google.ledger("health")) == 200  # none was asked twice
    assert len(google.ledger("token")) == 50


@pytest.mark.parametrize("skew_s", [-90, 0, 25, 90, 86_400, -86_400])
def test_a_clock_that_is_wrong_does_no_harm(google: GoogleDouble, skew_s: int) -> None:
    google.date = lambda: time.time() - skew_s
    provider(google).health()
    assert len(google.ledger("token")) == (2 if skew_s == 90 or abs(skew_s) > 3_600 else 1)


def test_a_token_that_was_taken_back_is_replaced_without_a_failure(google: GoogleDouble, tone: Path) -> None:
    adapter = provider(google)
    adapter.health()
    google.revoke()
    adapter.submit(tone, Options("en"))
    assert len(google.billed()) == 1
    assert [entry["on"] for entry in google.ledger()] == ["token", "health", "upload", "token", "upload"]


def test_threads_that_are_refused_at_the_same_time_fetch_one_token(google: GoogleDouble, tone: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: provider(google).health(), range(8)))
        assert len(google.ledger("token")) == 1
        google.revoke()
        list(pool.map(lambda _: provider(google).submit(tone, Options("en")), range(8)))
    assert len(google.ledger("token")) == 2
    assert len(google.billed()) == 8


def test_a_key_that_is_refused_is_asked_with_twice_and_no_more(google: GoogleDouble) -> None:
    google.rescript({"faults": [{"on": "health", "do": "answer", "code": 401}]})
    with pytest.raises(AuthenticationFailed):
        provider(google).health()
    assert (len(google.ledger("health")), len(google.ledger("token"))) == (2, 2)


def other_key(kind: str) -> str:
    made: Any = rsa.generate_private_key(65_537, 2_048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    pem: bytes = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode()


def test_a_wrong_key_says_what_google_says(google: GoogleDouble, tone: Path) -> None:
    wrong = google.key_with(private_key=other_key("rsa"))
    with pytest.raises(AuthenticationFailed, match=r"Google gave no token: Invalid JWT Signature\."):
        provider(google, wrong).submit(tone, Options("en"))
    assert google.ledger("upload") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"private_key": "none"},
        {"private_key": None},
        {"private_key": other_key("ec")},
        {"client_email": ""},
        {"client_email": 7},
        {"project_id": None},
    ],
)
def test_what_is_no_key_is_refused_with_how_to_give_one(google: GoogleDouble, changes: dict[str, Any]) -> None:
    with pytest.raises(AuthenticationFailed, match="the JSON that Google Cloud gave for one, or to the path") as raised:
        provider(google, google.key_with(**changes)).health()
    # What it came from may quote the key, and a traceback would show it.
    assert raised.value.__context__ is None or raised.value.__suppress_context__
    assert google.ledger() == []


@pytest.mark.parametrize("key", ["", "{", "[]", "{}", "/nowhere/key.json", "/", "\0", "AIza" * 20])
def test_neither_are_other_words(google: GoogleDouble, key: str) -> None:
    with pytest.raises(AuthenticationFailed, match="is no service account’s") as raised:
        build("google", Connection(google.url, key)).health()
    assert "AIza" not in str(raised.value)


def test_a_key_is_read_from_a_file_again_when_it_changed(google: GoogleDouble, tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text(google.key_with(private_key=other_key("rsa")))
    with pytest.raises(AuthenticationFailed):
        provider(google, str(file)).health()
    file.write_text(google.key)
    assert provider(google, str(file)).health().is_key_verified


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"do": "answer", "code": 503}, Busy),
        ({"do": "answer", "code": 429}, RateLimited),
        ({"do": "answer", "code": 403, "body": "<h1>No</h1>"}, AuthenticationFailed),
        ({"do": "answer", "code": 307, "headers": {"Location": "/"}}, Unreachable),
        ({"do": "answer", "code": 200, "body": "<html>Sign in</html>"}, Unreachable),
        ({"do": "answer", "code": 200, "body": {"access_token": "\u00fc", "expires_in": 5}}, Unreachable),
        ({"do": "answer", "code": 200, "body": {"access_token": "a", "expires_in": "5"}}, Unreachable),
        ({"do": "reset_before_answer"}, Unreachable),
        ({"do": "truncate"}, Unreachable),
    ],
)
def test_without_a_token_nothing_was_sent(
    google: GoogleDouble, tone: Path, fault: dict[str, Any], error: type[ProviderError]
) -> None:
    google.rescript({"faults": [{"on": "token", **fault}]})
    with pytest.raises(error) as raised:
        provider(google).submit(tone, Options("en"))
    assert raised.type is error
    assert len(str(raised.value).split()) > 3
    assert google.ledger("upload") == []


def test_an_address_of_tokens_that_is_down_is_waited_for(google: GoogleDouble, tone: Path) -> None:
    key = google.key_with(token_uri="http://127.0.0.1:9/token")
    with pytest.raises((NotListening, Unreachable)):
        provider(google, key).submit(tone, Options("en"))


def test_secrets_are_in_no_repr_log_or_message(
    google: GoogleDouble, tone: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = json.loads(google.key)["private_key"].splitlines()[3]
    provider(google).submit(tone, Options("en"))
    [token] = google._tokens
    google.rescript({"faults": [{"on": "health", "do": "answer", "code": 403, "body": {"message": f"Bad {token}"}}]})
    with pytest.raises(AuthenticationFailed, match=r"Bad \*\*\*") as raised:
        provider(google).health()
    account = read(google.key)
    shown = f"{account!r} {raised.value!r} {tokens._shared!r} {caplog.text}"
    assert EMAIL in shown
    assert secret not in shown
    assert token not in shown
