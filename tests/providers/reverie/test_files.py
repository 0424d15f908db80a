"""The adapter of Reverie: the contract, and what is particular to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.contract import ProviderContract
from tests.providers.parsing_contract import generated, loses_no_word, parsed, reads_whatever_comes, spoiled
from tests.support.provider_answers import lines
from tests.support.providers.reverie import APP_ID, SECRET
from transcripts.providers.base import Connection, Options
from transcripts.providers.errors import AuthenticationFailed, MediaRefused, NotListening, Unreachable
from transcripts.providers.registry import build, find

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.providers.reverie import ReverieDouble
    from transcripts.providers.base import Provider


class TestContract(ProviderContract):
    kind = "reverie"
    plain: ClassVar[dict[str, Any]] = {"success": True, "text": "café"}
    duration_ms = None
    has_words = False
    # A question to an address that takes uploads alone may be answered so.
    healthy_codes = frozenset({400, 405})

    @pytest.fixture
    def peer(self, reverie: ReverieDouble) -> ReverieDouble:
        return reverie


@pytest.fixture
def provider(reverie: ReverieDouble) -> Provider:
    return build("reverie", Connection(reverie.url, reverie.key))


def test_a_request_has_both_parts_of_the_key_and_the_wishes_as_headers(
    reverie: ReverieDouble, provider: Provider, tone: Path
) -> None:
    provider.submit(tone, Options("hi-IN"))
    [entry] = reverie.ledger()
    headers = {name.lower(): value for name, value in entry["headers"].items()}
    wanted = {
        "rev-appname": "stt_file",
        "rev-app-id": APP_ID,
        "rev-api-key": SECRET,
        "src_lang": "hi",
        "domain": "generic",
        "format": "16k_int16",
        "punctuate": "true",
        "logging": "false",
    }
    assert {name: headers[name] for name in wanted} == wanted
    assert "authorization" not in headers
    assert (entry["path"], entry["filename"], entry["part"]) == ("/", tone.name, "audio/wav")


def test_the_model_of_the_account_is_the_domain(reverie: ReverieDouble, tone: Path) -> None:
    adapter = build("reverie", Connection(reverie.url, reverie.key, model="bfsi"))
    adapter.submit(tone, Options("ta", "audio/flac", punctuates=False))
    [entry] = reverie.ledger()
    assert [entry["headers"][name] for name in ("domain", "format", "punctuate")] == ["bfsi", "flac", "false"]


@pytest.mark.parametrize("key", ["", SECRET, f":{SECRET}", f"{APP_ID}:", f"{APP_ID}:other"])
def test_a_key_without_both_parts_is_refused_with_how_to_give_them(
    reverie: ReverieDouble, tone: Path, key: str
) -> None:
    with pytest.raises(AuthenticationFailed) as raised:
        build("reverie", Connection(reverie.url, key)).submit(tone, Options("hi"))
    is_whole = key.endswith(":other")
    assert ("APP_ID:KEY" in str(raised.value)) is not is_whole
    assert len(reverie.ledger()) == is_whole
    assert SECRET not in str(raised.value)


def test_the_secret_part_alone_is_in_no_message_either(reverie: ReverieDouble, provider: Provider, tone: Path) -> None:
    body = {"success": False, "cause": f"{SECRET} has no credit"}
    reverie.rescript({"faults": [{"on": "upload", "do": "answer", "code": 200, "body": body}]})
    with pytest.raises(MediaRefused, match=r"has no credit") as raised:
        provider.submit(tone, Options("hi"))
    assert SECRET not in str(raised.value)


def test_a_failure_without_a_reason_has_a_sentence(reverie: ReverieDouble, provider: Provider, tone: Path) -> None:
    reverie.rescript({"faults": [{"on": "upload", "do": "answer", "code": 200, "body": {"success": False}}]})
    with pytest.raises(MediaRefused, match="gave no reason"):
        provider.submit(tone, Options("hi"))


def test_without_a_language_nothing_is_sent(reverie: ReverieDouble, provider: Provider, tone: Path) -> None:
    with pytest.raises(MediaRefused, match="Choose the language"):
        provider.submit(tone, Options())
    assert not reverie.ledger()
    assert not find("reverie").detects_languages


def test_the_health_says_that_it_proves_no_key(reverie: ReverieDouble, provider: Provider) -> None:
    assert not provider.health().is_key_verified
    reverie.rescript({"faults": [{"on": "health", "do": "answer", "code": 400}]})
    assert not provider.health().is_key_verified
    with pytest.raises((NotListening, Unreachable)):
        build("reverie", Connection("http://nowhere.invalid", reverie.key)).health()


# Reading


def test_the_text_is_as_it_is_to_be_shown() -> None:
    told = {"success": True, "text": "twenty five", "display_text": "25", "confidence": 0.9}
    assert parsed("reverie", told).text == "25"
    assert parsed("reverie", {**told, "display_text": ""}).text == "twenty five"


def test_a_recording_without_speech_is_an_empty_document() -> None:
    assert parsed("reverie", {"success": True, "text": "", "display_text": ""}).segments == ()


@generated
@given(lines)
def test_no_word_of_an_answer_is_lost(text: str) -> None:
    loses_no_word("reverie", {"success": True, "text": text}, [text])


@generated
@given(spoiled(st.builds(lambda text: {"success": True, "text": text, "display_text": text}, lines)))
def test_any_answer_is_a_document_or_a_bad_answer(told: Any) -> None:
    reads_whatever_comes("reverie", told)
