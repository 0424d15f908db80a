"""What an answer says in several places is one transcript: nothing is dropped, doubled, moved or glued."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import pytest

from tests.support.corpus import found
from transcripts.document import Segment, Timing, scripts
from transcripts.document.subtitles import NETFLIX, cues
from transcripts.document.timing import timed
from transcripts.providers.base import Connection
from transcripts.providers.parsing.documents import read_document
from transcripts.providers.registry import build

DURATION_MS = 30_000


def said(*words: str, step: float = 1.0, **more: Any) -> list[dict[str, Any]]:
    return [{"word": word, "start": at * step, "end": at * step + 0.5, **more} for at, word in enumerate(words)]


def texts(answer: dict[str, Any]) -> list[str]:
    return [segment.text for segment in read_document(answer).segments]


def read(answer: dict[str, Any], duration_ms: int | None = DURATION_MS) -> list[Segment]:
    return timed(read_document(answer).segments, duration_ms).segments


def spans(answer: dict[str, Any], duration_ms: int | None = DURATION_MS) -> list[tuple[int | None, int | None]]:
    return [(word.start_ms, word.end_ms) for segment in read(answer, duration_ms) for word in segment.words]


# The full text


def test_what_only_the_full_text_holds_is_in_its_place() -> None:
    words = [*said("She", "opened", "it."), {"word": "We", "start": 8, "end": 8.3}]
    words.append({"word": "left.", "start": 8.3, "end": 9})
    answer = {"transcription": "She opened it. Nobody had asked! We left.", "words": words}
    segments = read(answer)
    assert [segment.text for segment in segments] == ["She opened it.", "Nobody had asked!", "We left."]
    assert (segments[1].start_ms, segments[1].end_ms) == (2_500, 8_000)
    assert all(word.timing is Timing.ESTIMATED for word in segments[1].words)


def test_what_only_the_full_text_holds_within_a_segment_is_a_part_of_it() -> None:
    segments = [{"text": "We saw river", "start": 0, "end": 3, "words": said("We", "saw", "river")}]
    [segment] = read({"transcription": "We saw the river", "segments": segments})
    assert segment.text == "We saw the river"
    assert [word.start_ms for word in segment.words] == [0, 1_000, 1_500, 2_000]


def test_between_segments_it_is_one_of_its_own_by_who_spoke_on_both_sides() -> None:
    segments = [{"text": "One.", "start": 0, "end": 1, "speaker": "A"}, {"text": "Three.", "start": 2, "end": 3}]
    whole = {"transcription": "Zero. One. Two. Three. Four.", "segments": [segments[0], segments[1] | {"speaker": "A"}]}
    assert [(one.text, one.speaker) for one in read_document(whole).segments] == [
        ("Zero.", "A"),
        ("One.", "A"),
        ("Two.", "A"),
        ("Three.", "A"),
        ("Four.", "A"),
    ]
    assert read_document(whole | {"segments": segments}).segments[2].speaker is None


def test_what_only_the_list_holds_stays() -> None:
    assert texts({"transcription": "We left.", "words": said("And", "we", "have", "left.")}) == ["And We have left."]


@pytest.mark.parametrize(
    ("full", "listed"),
    [
        ("It cost 7 dollars", ["It", "cost", "seven", "dollars"]),
        ("The colour faded", ["The", "color", "faded"]),
        ("On May 21 it rained", ["On", "May", "twenty", "one", "it", "rained"]),
    ],
)
def test_another_spelling_of_a_word_is_not_doubled(full: str, listed: list[str]) -> None:
    [segment] = read_document({"transcription": full, "words": said(*listed)}).segments
    assert segment.text == full
    assert None not in [word.start_ms for word in segment.words]


def test_other_words_in_the_same_place_are_both_kept() -> None:
    answer = {"transcription": "They were quiet then", "words": said("They", "shouted", "loudly", "then")}
    assert texts(answer) == ["They shouted loudly were quiet then"]


def test_the_full_text_tells_case_and_punctuation_of_bare_words() -> None:
    [segment] = read_document({"transcription": "Hello, Bo — yes !", "words": said("hello", "bo", "yes")}).segments
    assert segment.text == "Hello, Bo — yes !"
    assert [word.text for word in segment.words] == ["Hello,", "Bo", "yes"]


def test_a_text_in_another_order_than_the_segments_doubles_nothing() -> None:
    segments = [{"text": "Late words.", "start": 5, "end": 6}, {"text": "Early ones.", "start": 1, "end": 2}]
    for full in ("Late words. Early ones.", "Early ones. Late words."):
        assert texts({"transcription": full, "segments": segments}) == ["Early ones.", "Late words."]


def test_a_full_text_in_the_order_of_time_fits_words_listed_by_speaker() -> None:
    one, two = said("yes", "well", step=4, speaker=0), [{"word": "no", "start": 2, "end": 2.5, "speaker": 1}]
    assert texts({"transcription": "Yes. No. Well.", "words": [*one, *two]}) == ["Yes.", "No.", "Well."]


def test_pulse_keeps_what_only_its_full_text_holds() -> None:
    answer = {
        "status": "success",
        "transcription": "Hello there. Unheard words. Bye.",
        "words": [*said("Hello", "there.", step=0.5), {"word": "Bye.", "start": 9, "end": 9.5}],
        "utterances": [{"text": "Hello there.", "start": 0, "end": 1}, {"text": "Bye.", "start": 9, "end": 9.5}],
    }
    provider = build("pulse", Connection("http://127.0.0.1:9", "key"))
    for utterances in (answer["utterances"], []):
        whole = provider.parse(json.dumps(answer | {"utterances": utterances}).encode())
        assert [segment.text for segment in whole.segments] == ["Hello there.", "Unheard words.", "Bye."]


# Words and scripts


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ([" Per", "formed", " by", " an", " or", "ches", "tra", "."], "Performed by an orchestra."),
        (["Per", "formed", " here"], "Performed here"),
        (["Hello", ",", "you", "!"], "Hello, you!"),
        (["川", "の", "水"], "川の水"),
        ([" 川", "の", " 水"], "川の水"),
        (["iPhone", "を", "買う"], "iPhoneを買う"),
        (["안녕", "여러분"], "안녕 여러분"),
        (["ฝน", "ตก"], "ฝนตก"),
    ],
)
def test_a_leading_space_means_a_new_word_and_scripts_without_spaces_get_none(tokens: list[str], text: str) -> None:
    for listed in ({"words": said(*tokens)}, {"segments": [{"words": said(*tokens)}]}):
        [segment] = read_document(listed).segments
        assert segment.text == text
    # Beside a full text, it alone says what is one word.
    [segment] = read_document({"transcription": text, "words": said(*tokens)}).segments
    assert segment.text == text


def test_a_word_of_several_tokens_lasts_from_the_first_to_the_last() -> None:
    tokens = said("Per", "formed", confidence=0.9)
    tokens[1]["confidence"] = 0.4
    [segment] = read_document({"transcription": "Performed", "words": tokens}).segments
    [word] = segment.words
    assert (word.start_ms, word.end_ms, word.confidence) == (0, 1_500, 0.4)


# Times


def test_an_untimed_word_stays_behind_the_one_it_followed() -> None:
    words = said("1.", "Unit", "Page")
    words[1:1] = [{"word": "58."}]
    assert texts({"words": words}) == ["1. 58. Unit Page"]


def test_a_missing_end_is_the_next_start_or_the_recordings_end() -> None:
    words: list[dict[str, Any]] = [{"word": "a", "start": 1, "end": None}, {"word": "b", "start": "2.0s"}]
    assert spans({"words": words}) == [(1_000, 2_000), (2_000, DURATION_MS)]
    segments = [{"text": "a", "start": 1}, {"text": "b", "start": 10.5, "end": None}]
    assert [(one.start_ms, one.end_ms) for one in read({"segments": segments})] == [(1_000, 10_500), (10_500, 30_000)]


def test_the_last_word_without_an_end_lasts_as_long_as_its_segment() -> None:
    segments = [{"text": "a b", "start": 1, "end": 4, "words": [{"word": "a", "start": 1}, {"word": "b", "start": 2}]}]
    assert spans({"segments": segments}) == [(1_000, 2_000), (2_000, 4_000)]


def test_times_past_the_end_are_clamped_and_counted() -> None:
    answer = {"words": [{"word": "a", "start": 29, "end": 30.4}, {"word": "b", "start": 31, "end": 99}]}
    read_ = timed(read_document(answer).segments, DURATION_MS)
    assert spans(answer) == [(29_000, 30_000), (30_000, 30_000)]
    assert read_.clamped == 1


def test_times_that_contradict_the_order_of_the_text_give_way() -> None:
    words = said("one", "two", "three", "four")
    words[1] |= {"start": 9, "end": 9.5}
    segments = [{"text": "one two three four", "start": 0, "end": 4, "words": words}]
    assert [start for start, _ in spans({"segments": segments})] == [0, 500, 2_000, 3_000]


# From the field


@pytest.mark.corpus
def test_answers_from_the_field_are_kept_whole() -> None:
    paths = sorted(found("answers").glob("*.json"))
    assert paths
    for path in paths:
        answer = json.loads(path.read_text("utf-8"))
        segments = read(answer)
        held = sorted(scripts.key(word) for segment in segments for word in scripts.words_in(segment.text))
        assert held == sorted(scripts.key(word) for word in scripts.words_in(answer["transcription"])), path.name
        made = cues(segments, DURATION_MS)
        for cue, following in itertools.pairwise(made):
            assert cue.end_ms <= following.start_ms, path.name
        assert all(cue.end_ms - cue.start_ms >= NETFLIX.shortest_ms for cue in made), path.name
        assert made[-1].end_ms <= DURATION_MS, path.name


@pytest.mark.parametrize("seed", range(60))
def test_tokens_are_put_together_as_the_full_text_is_written_or_by_their_leading_spaces(seed: int) -> None:
    chance = random.Random(seed)
    written = [chance.choice(["river", "rose,", "don't", "Straße", "नदी", "세계", "well-known"]) for _ in range(30)]
    tokens: list[dict[str, Any]] = []
    for word in written:
        letters = scripts.graphemes(" " + word)
        cuts = sorted(chance.sample(range(2, len(letters)), min(2, len(letters) - 2)))
        for first, last in itertools.pairwise([0, *cuts, len(letters)]):
            start = len(tokens) * 0.1
            tokens.append({"word": "".join(letters[first:last]), "start": start, "end": start + 0.1})
    text = " ".join(written)
    bare = [token | {"word": token["word"].strip()} for token in tokens]
    for answer in ({"words": tokens}, {"words": tokens, "transcription": text}, {"words": bare, "transcription": text}):
        segments = read(answer)
        assert [word.text for segment in segments for word in segment.words] == written
        assert " ".join(segment.text for segment in segments) == text
