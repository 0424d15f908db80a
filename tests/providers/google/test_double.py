"""The vendor's own client understands the double that our adapter is proven with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from google.api_core.exceptions import BadRequest
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.cloud.speech_v2 import SpeechClient
from google.cloud.speech_v2 import types as speech
from google.cloud.speech_v2.services.speech.transports.rest import SpeechRestTransport
from google.oauth2 import service_account

from tests.support.providers.google import PROJECT, SCOPE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.providers.google import GoogleDouble

RECOGNISER = f"projects/{PROJECT}/locations/global/recognizers/_"


def credentials(google: GoogleDouble, **changes: str) -> Any:
    """The vendor's own way to a token."""
    untyped: Any = service_account.Credentials
    return untyped.from_service_account_info(json.loads(google.key_with(**changes)), scopes=[SCOPE])


def client(google: GoogleDouble, given: Any) -> SpeechClient:
    host = google.url.removeprefix("http://")
    return SpeechClient(transport=SpeechRestTransport(host=host, url_scheme="http", credentials=given))


def wishes(*codes: str) -> speech.RecognitionConfig:
    return speech.RecognitionConfig(
        auto_decoding_config={},
        model="chirp_3",
        language_codes=list(codes),
        features={
            "enable_word_time_offsets": True,
            "enable_word_confidence": True,
            "enable_automatic_punctuation": True,
            "diarization_config": {},
        },
        adaptation={"phrase_sets": [{"inline_phrase_set": {"phrases": [{"value": "thalweg", "boost": 10}]}}]},
    )


def test_it_transcribes_with_a_token_that_it_fetched(google: GoogleDouble, tone: Path) -> None:
    request = speech.RecognizeRequest(recognizer=RECOGNISER, config=wishes("en-US"), content=tone.read_bytes())
    answer = client(google, credentials(google)).recognize(request, retry=None)
    [result] = answer.results
    [alternative] = result.alternatives
    assert (alternative.transcript, result.language_code) == ("and so my fellow americans", "en-us")
    words = [(word.word, word.speaker_label, word.start_offset.total_seconds()) for word in alternative.words]
    assert words[1:3] == [("so", "1", 0.3), ("my", "2", 0.7)]
    [billed] = google.billed()
    assert billed["bytes"] == tone.stat().st_size
    assert billed["config"]["adaptation"]["phraseSets"][0]["inlinePhraseSet"]["phrases"][0]["value"] == "thalweg"


def test_it_refuses_as_the_sdk_expects(google: GoogleDouble, tone: Path) -> None:
    request = speech.RecognizeRequest(recognizer=RECOGNISER, config=wishes(), content=tone.read_bytes())
    with pytest.raises(BadRequest, match="Invalid recognition config"):
        client(google, credentials(google)).recognize(request, retry=None)


def test_it_gives_no_token_for_a_claim_of_someone_else(google: GoogleDouble) -> None:
    with pytest.raises(RefreshError, match="issuer or scope is not known"):
        credentials(google, client_email="other@court-42.iam.gserviceaccount.com").refresh(Request())


def test_a_token_that_was_taken_back_is_refused_and_the_sdk_fetches_another(google: GoogleDouble, tone: Path) -> None:
    given = credentials(google)
    given.refresh(Request())
    google.revoke()
    request = speech.RecognizeRequest(recognizer=RECOGNISER, config=wishes("en-US"), content=tone.read_bytes())
    assert client(google, given).recognize(request, retry=None).results
    assert [entry["on"] for entry in google.ledger()] == ["token", "upload", "token", "upload"]
