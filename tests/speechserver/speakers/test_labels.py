"""Segments are labelled with speakers: split between words, no word lost, no flicker."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechserver.speakers import Turn, label
from speechserver.speakers.labels import pieces_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def _segment(text: str, words: Sequence[str], *, start: float = 0.0, each: float = 0.4) -> dict[str, Any]:
    timed = [
        {"word": word, "start": start + each * at, "end": start + each * (at + 1), "confidence": 0.9}
        for at, word in enumerate(words)
    ]
    return {"start": start, "end": start + each * len(words), "text": text, "words": timed, "language": "en"}


def _spoken(text: str, *, start: float = 0.0, each: float = 0.4) -> dict[str, Any]:
    return _segment(text, text.split(), start=start, each=each)


def _said(segments: list[dict[str, Any]]) -> list[tuple[str | None, str]]:
    return [(segment["speaker"], segment["text"]) for segment in segments]


def test_without_turns_no_segment_has_a_speaker() -> None:
    [segment] = label([_spoken("Good morning")], [])
    assert segment == {**_spoken("Good morning"), "speaker": None}


def test_a_segment_gets_the_speaker_who_talks_longest_in_it() -> None:
    segments = [_spoken("How are you today?"), _spoken("Very well, thank you.", start=2.0)]
    labelled = label(segments, [Turn(0.0, 1.7, 1), Turn(1.7, 4.0, 2)])
    assert _said(labelled) == [("1", "How are you today?"), ("2", "Very well, thank you.")]
    assert [{**segment, "speaker": None} for segment in labelled] == [{**s, "speaker": None} for s in segments]


def test_a_segment_of_two_speakers_is_split_between_words() -> None:
    text = "Which colour would you like? The black one, please."
    first, second = label([_spoken(text)], [Turn(0.0, 2.0, 1), Turn(2.0, 4.0, 2)])
    assert _said([first, second]) == [("1", "Which colour would you like?"), ("2", "The black one, please.")]
    assert (first["start"], first["end"]) == pytest.approx((0.0, 2.0))
    assert (second["start"], second["end"]) == pytest.approx((2.0, 3.6))
    assert [word["word"] for word in first["words"] + second["words"]] == text.split()
    assert second["language"] == "en"


@pytest.mark.parametrize("change", [1.2, 1.6, 2.4, 2.7])
def test_a_change_moves_to_the_end_of_the_sentence_near_it(change: float) -> None:
    text = "Which colour would you like? The black one would be fine."
    labelled = label([_spoken(text)], [Turn(0.0, change, 1), Turn(change, 4.4, 2)])
    assert _said(labelled) == [("1", "Which colour would you like?"), ("2", "The black one would be fine.")]


def test_a_change_moves_to_a_pause_if_there_is_no_punctuation() -> None:
    segment = _spoken("which colour would you like the black one would be fine")
    for word in segment["words"][5:]:
        word["start"] += 0.5
        word["end"] += 0.5
    labelled = label([segment], [Turn(0.0, 1.5, 1), Turn(1.5, 5.0, 2)])
    assert _said(labelled) == [("1", "which colour would you like"), ("2", "the black one would be fine")]


def test_a_change_at_a_pause_moves_to_the_end_of_the_sentence_one_word_on() -> None:
    segment = _spoken("Regular or express? Express, please. Terrific. It's on the way.")
    for word, start in zip(segment["words"], (0.0, 0.5, 0.8, 2.8, 4.6, 5.5, 6.0, 6.3, 6.6, 6.9), strict=True):
        word["start"], word["end"] = start, start + 0.3
    segment["words"][4]["end"] = 4.6
    labelled = label([segment], [Turn(0.0, 1.1, 1), Turn(2.7, 3.6, 2), Turn(5.4, 7.0, 1)])
    assert [text for _, text in _said(labelled)] == [
        "Regular or express?",
        "Express, please.",
        "Terrific. It's on the way.",
    ]


def test_a_change_far_from_any_break_stays_where_it_is() -> None:
    text = " ".join(f"word{number}" for number in range(12))
    labelled = label([_spoken(text)], [Turn(0.0, 2.4, 1), Turn(2.4, 4.8, 2)])
    assert [len(segment["words"]) for segment in labelled] == [6, 6]


def test_one_word_inside_a_sentence_stays_with_it() -> None:
    text = "And then we went home because it rained so hard all day."
    turns = [Turn(0.0, 2.0, 1), Turn(2.0, 2.4, 2), Turn(2.4, 4.8, 1), Turn(6.0, 9.0, 2)]
    labelled = label([_spoken(text), _spoken("I see, that makes sense.", start=6.0)], turns)
    assert _said(labelled) == [("1", text), ("2", "I see, that makes sense.")]


def test_a_turn_of_less_than_half_a_second_stays_with_the_words_around_it() -> None:
    text = "we went home because it rained so hard all day"
    turns = [Turn(0.0, 0.8, 1), Turn(0.8, 1.2, 2), Turn(1.2, 2.0, 1), Turn(3.0, 9.0, 2)]
    labelled = label([_spoken(text, each=0.2), _spoken("I see that", start=3.0)], turns)
    assert _said(labelled) == [("1", text), ("2", "I see that")]


def test_an_answer_of_one_word_keeps_its_speaker() -> None:
    labelled = label([_spoken("Is it far? No. It's near.", each=0.6)], [Turn(0.0, 1.8, 1), Turn(1.8, 4.0, 2)])
    assert _said(labelled) == [("1", "Is it far?"), ("2", "No. It's near.")]
    turns = [Turn(0.0, 1.8, 1), Turn(1.8, 2.4, 2), Turn(2.4, 4.0, 1)]
    assert _said(label([_spoken("Is it far? No. It's near.", each=0.6)], turns)) == [
        ("1", "Is it far?"),
        ("2", "No."),
        ("1", "It's near."),
    ]


def test_words_outside_every_turn_go_to_the_nearest() -> None:
    segments = [_spoken("Hello there my friend"), _spoken("Good evening to you", start=9.0)]
    labelled = label(segments, [Turn(2.0, 4.0, 1), Turn(6.0, 8.5, 2)])
    assert [segment["speaker"] for segment in labelled] == ["1", "2"]


def test_numbers_follow_the_segments_if_a_turn_held_no_word() -> None:
    segments = [_spoken("Hello there my friend", start=3.0), _spoken("Good evening to you", start=9.0)]
    labelled = label(segments, [Turn(0.0, 1.0, 1), Turn(3.0, 5.0, 2), Turn(9.0, 11.0, 3)])
    assert [segment["speaker"] for segment in labelled] == ["1", "2"]


def test_with_one_speaker_left_who_has_words_none_is_numbered() -> None:
    assert label([_spoken("Hello there")], [Turn(0.0, 1.0, 1), Turn(5.0, 6.0, 2)])[0]["speaker"] is None


def test_japanese_without_spaces_is_split_without_losing_a_character() -> None:
    words = ["お元気", "です", "か", "。", "はい", "、", "元気", "です", "。"]
    text = "".join(words)
    labelled = label([_segment(text, words)], [Turn(0.0, 1.6, 1), Turn(1.6, 3.6, 2)])
    assert _said(labelled) == [("1", "お元気ですか。"), ("2", "はい、元気です。")]


def test_a_segment_without_words_or_whose_text_is_not_its_words_is_not_split() -> None:
    turns = [Turn(0.0, 1.2, 1), Turn(1.2, 9.0, 2)]
    bare = {"start": 0.0, "end": 1.6, "text": "Good morning to you"}
    other = {**_spoken("one two three four five six", start=1.0), "text": "1 2 3 4 5 6"}
    labelled = label([bare, other], turns)
    assert _said(labelled) == [("1", "Good morning to you"), ("2", "1 2 3 4 5 6")]
    assert labelled[1]["words"] == other["words"]


def test_what_opens_stays_with_the_word_that_it_opens() -> None:
    assert pieces_of('He said: "Come in" (softly)', ["He", "said", "Come", "in", "softly"]) == [
        "He ",
        "said: ",
        '"Come ',
        'in" ',
        "(softly)",
    ]
    assert pieces_of("彼は「来い」と", ["彼は", "来い", "と"]) == ["彼は", "「来い」", "と"]


@given(
    words=st.lists(st.text("ab'。、お元気.?!", min_size=1, max_size=4), min_size=1, max_size=25),
    separators=st.lists(st.sampled_from(["", " ", "  ", ' "', ", ", " «"]), min_size=26, max_size=26),
    changes=st.lists(st.floats(0.05, 10), max_size=8),
)
def test_whatever_the_turns_no_word_and_no_character_is_lost(
    words: list[str], separators: list[str], changes: list[float]
) -> None:
    text = "".join(separator + word for separator, word in zip(separators, words, strict=False)).strip()
    segment = _segment(text, words)
    edges = [0.0, *sorted(changes), 11.0]
    turns = [Turn(start, end, at % 3 + 1) for at, (start, end) in enumerate(itertools.pairwise(edges))]
    labelled = label([segment], turns)
    assert [word for part in labelled for word in part["words"]] == segment["words"]
    assert "".join("".join(part["text"].split()) for part in labelled) == "".join(text.split())
    assert all(part["text"] == part["text"].strip() and part["text"] for part in labelled)
    bounds = [bound for part in labelled for bound in (part["start"], part["end"])]
    assert bounds == sorted(bounds)
