"""The adapter of Google Cloud Speech-to-Text: the contract, and what is particular to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.providers.contract import ProviderContract
from tests.providers.parsing_contract import generated, loses_no_word, parsed, reads_whatever_comes, spoiled
from tests.support.provider_answers import word_lists
from tests.support.providers.google import RECOGNISERS
from transcripts.providers.base import Connection, Options, Term
from transcripts.providers.errors import AuthenticationFailed, Busy, MediaRefused, RateLimited
from transcripts.providers.registry import build, find

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.providers.google import GoogleDouble

    Ask = Callable[..., dict[str, Any]]


def answer(*alternatives: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An answer with a result of each."""
    results = [{"alternatives": [one], "languageCode": "en-us", **more} for one in alternatives]
    return {"results": results, "metadata": {"totalBilledDuration": "2s"}}


class TestContract(ProviderContract):
    kind = "google"
    plain: ClassVar[dict[str, Any]] = answer({"transcript": "café"})
    duration_ms = None

    @pytest.fixture
    def peer(self, google: GoogleDouble) -> GoogleDouble:
        return google


@pytest.fixture
def ask(google: GoogleDouble, tone: Path) -> Ask:
    """Sends the audio with these options; returns the configuration that the provider got."""

    def asked(options: Options, model: str = "") -> dict[str, Any]:
        google.rescript({})
        build("google", Connection(google.url, google.key, model=model)).submit(tone, options)
        [entry] = google.billed()
        assert (entry["path"], entry["type"]) == (f"{RECOGNISERS}/_:recognize", "application/json")
        assert entry["bytes"] == tone.stat().st_size
        config: dict[str, Any] = entry["config"]
        return config

    return asked


TIMES = {"enableWordTimeOffsets": True, "enableWordConfidence": True}
MARKS = {"enableAutomaticPunctuation": True}


def test_a_request_names_model_language_and_wishes(ask: Ask) -> None:
    assert ask(Options("en")) == {
        "autoDecodingConfig": {},
        "model": "chirp_3",
        "languageCodes": ["en-US"],
        "features": {**TIMES, **MARKS, "diarizationConfig": {}},
    }
    plain = Options("de-AT", separates_speakers=False, punctuates=False, masks_profanity=True)
    told = ask(plain, model="long")
    assert (told["model"], told["languageCodes"]) == ("long", ["de-AT"])
    assert told["features"] == {**TIMES, "profanityFilter": True}


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        (Options(), ["auto"]),
        (Options("he"), ["iw-IL"]),
        (Options("zh"), ["cmn-Hans-CN"]),
        (Options("zh-TW"), ["cmn-Hant-TW"]),
        (Options("en-GB", languages=("fr", "en-GB", "pt")), ["en-GB", "fr-FR", "pt-BR"]),
        (Options(languages=("fr", "uk")), ["fr-FR", "uk-UA"]),
    ],
)
def test_languages_are_named_with_a_region(ask: Ask, options: Options, codes: list[str]) -> None:
    assert ask(options)["languageCodes"] == codes


@pytest.mark.parametrize(("language", "is_asked"), [("fr", True), ("zh", True), ("sw", False), (None, False)])
def test_speakers_are_asked_for_only_where_it_tells_them_apart(
    ask: Ask, language: str | None, *, is_asked: bool
) -> None:
    assert ("diarizationConfig" in ask(Options(language))["features"]) is is_asked


@pytest.mark.parametrize(
    ("model", "tells_speakers", "takes_terms"), [("", True, True), ("chirp_2", False, True), ("chirp", False, False)]
)
def test_a_model_is_asked_for_what_it_can(ask: Ask, model: str, *, tells_speakers: bool, takes_terms: bool) -> None:
    told = ask(Options("en", vocabulary=(Term("thalweg"),)), model=model)
    assert ("diarizationConfig" in told["features"], "adaptation" in told) == (tells_speakers, takes_terms)


def test_terms_are_phrases_with_a_boost(ask: Ask) -> None:
    terms = (Term("thalweg"), Term("Berg", weight=5), Term("x" * 101))
    [phrases] = ask(Options("en", vocabulary=terms))["adaptation"]["phraseSets"]
    wanted = [{"value": "thalweg", "boost": 10.0}, {"value": "Berg", "boost": 20.0}]
    assert phrases == {"inlinePhraseSet": {"phrases": wanted}}
    rule = find("google").can_for("").vocabulary
    assert rule is not None
    assert rule.most_terms == 1_000


@pytest.mark.parametrize(
    ("endpoint", "location"),
    [
        ("https://speech.googleapis.com", "global"),
        ("https://eu-speech.googleapis.com/", "eu"),
        ("https://europe-west4-speech.googleapis.com", "europe-west4"),
    ],
)
def test_the_location_is_that_of_the_address(google: GoogleDouble, endpoint: str, location: str) -> None:
    adapter: Any = build("google", Connection(endpoint, google.key))
    assert adapter._place == f"/v2/projects/court-42/locations/{location}"


def said(code: int, status: str, *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "message": "A sentence of Google.", "status": status, "details": list(details)}}


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        (400, "INVALID_ARGUMENT", MediaRefused),
        (401, "UNAUTHENTICATED", AuthenticationFailed),
        (403, "PERMISSION_DENIED", AuthenticationFailed),
        (503, "UNAVAILABLE", Busy),
    ],
)
def test_each_documented_error_has_its_meaning_and_its_sentence(
    google: GoogleDouble, tone: Path, code: int, status: str, error: type[Exception]
) -> None:
    google.rescript({"faults": [{"on": "upload", "do": "answer", "code": code, "body": said(code, status)}]})
    with pytest.raises(error, match=r"A sentence of Google\."):
        build("google", Connection(google.url, google.key)).submit(tone, Options("en"))


def test_a_429_may_name_its_pause_in_its_details(google: GoogleDouble, tone: Path) -> None:
    hint = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3s"}
    body = said(429, "RESOURCE_EXHAUSTED", {"@type": "type.googleapis.com/google.rpc.Help"}, hint)
    google.rescript({"faults": [{"on": "upload", "do": "answer", "code": 429, "body": body}]})
    with pytest.raises(RateLimited) as raised:
        build("google", Connection(google.url, google.key)).submit(tone, Options("en"))
    assert raised.value.retry_after_ms == 3_000


# Reading


def word(text: str, start: str | None, end: str | None, speaker: str = "", confidence: float = 0.9) -> dict[str, Any]:
    times = {name: value for name, value in (("startOffset", start), ("endOffset", end)) if value is not None}
    return {"word": text, **times, "confidence": confidence, **({"speakerLabel": speaker} if speaker else {})}


def test_what_is_zero_is_left_out_or_not_known() -> None:
    listed = [word("Hello,", None, "0.500s", confidence=0.0), word("you", "0.500s", "1s"), word("all", None, None)]
    document = parsed("google", answer({"transcript": "Hello, you all", "words": listed}))
    words = [one for segment in document.segments for one in segment.words]
    told = [(one.text, one.start_ms, one.end_ms, one.confidence) for one in words]
    assert told[:2] == [("Hello,", 0, 500, None), ("you", 500, 1_000, 0.9)]
    assert told[2][0] == "all"


def test_each_result_has_its_language_and_speakers() -> None:
    first = answer(
        {"transcript": "Hello you", "words": [word("Hello", "0s", "0.5s", "1"), word("you", "1s", "2s", "2")]}
    )
    second = answer({"transcript": "שלום", "words": [word("שלום", "3s", "4s", "1")]}, languageCode="iw-il")
    document = parsed("google", {"results": first["results"] + second["results"]})
    told = [(one.text, one.speaker, one.language) for one in document.segments]
    assert told == [("Hello", "1", "en"), ("you", "2", "en"), ("שלום", "1", "he")]
    assert document.language == "en"


@pytest.mark.parametrize(
    ("code", "tag"),
    [("en-us", "en"), ("en-gb", "en-GB"), ("cmn-hans-cn", "zh"), ("cmn-hant-tw", "zh-TW"), ("no-no", "no"), ("", None)],
)
def test_a_region_that_may_be_ours_is_not_told(code: str, tag: str | None) -> None:
    assert parsed("google", answer({"transcript": "Hello"}, languageCode=code)).segments[0].language == tag


@pytest.mark.parametrize("last", ["", "again.", "Hello you again."])
def test_words_that_the_last_result_repeats_with_their_speakers_count_once(last: str) -> None:
    first = {"transcript": "Hello you", "words": [word("Hello", "0s", "0.5s"), word("you", "0.5s", "1s")]}
    second = {"transcript": "again.", "words": [word("again.", "2s", "3s")]}
    everything = [
        word("Hello", "0s", "0.5s", "1"),
        word("you", "0.5s", "1s", "1"),
        word("again.", "2s", "3s", "2"),
    ]
    before = [first] if last == "again." else [first, second]
    document = parsed("google", answer(*before, {"transcript": last, "words": everything}))
    assert [(one.text, one.speaker) for one in document.segments] == [("Hello you", "1"), ("again.", "2")]


def test_a_word_that_is_said_again_later_is_no_repetition() -> None:
    first = {"transcript": "Yes.", "words": [word("Yes.", "0s", "0.5s", "1")]}
    second = {"transcript": "Yes. Right.", "words": [word("Yes.", "2s", "2.5s", "2"), word("Right.", "3s", "4s", "2")]}
    assert parsed("google", answer(first, second)).text == "Yes. Yes. Right."


def test_words_without_times_that_are_there_twice_were_said_twice() -> None:
    first = {"transcript": "Yes.", "words": [{"word": "Yes.", "speakerLabel": "1"}]}
    second = {"transcript": "Yes. Right.", "words": [{"word": one, "speakerLabel": "2"} for one in ("Yes.", "Right.")]}
    assert parsed("google", answer(first, second)).text == "Yes. Yes. Right."


def test_results_are_in_the_order_of_time() -> None:
    late = {"transcript": "second", "words": [word("second", "3s", "4s")]}
    early = {"transcript": "first", "words": [word("first", "1s", "2s")]}
    assert parsed("google", answer(late, early)).text == "first second"


def test_a_recording_without_speech_is_an_empty_document() -> None:
    assert parsed("google", {"metadata": {"totalBilledDuration": "2s"}}).segments == ()


def offsets(item: dict[str, Any]) -> dict[str, Any]:
    names = {"word": "word", "start": "startOffset", "end": "endOffset", "speaker": "speakerLabel"}
    return {names[name]: value for name, value in item.items()}


alternatives = st.builds(
    lambda words: {"transcript": " ".join(one["word"] for one in words), "words": list(map(offsets, words))}, word_lists
)
answers = st.lists(alternatives, max_size=4).map(lambda listed: answer(*listed))


@generated
@given(answers)
def test_no_word_of_an_answer_is_lost(told: dict[str, Any]) -> None:
    listed = [one["alternatives"][0] for one in told["results"]]
    # Words that are there again at their very times are said once, which is another test
    words = [word for text in listed for word in text["words"] if word.get("endOffset") is not None]
    times = [json.dumps((word["word"], word.get("startOffset"), word["endOffset"])) for word in words]
    assume(len(set(times)) == len(times))
    loses_no_word("google", told, [text["word"] for one in listed for text in one["words"]])


@generated
@given(spoiled(answers))
def test_any_answer_is_a_document_or_a_bad_answer(told: Any) -> None:
    reads_whatever_comes("google", told)
