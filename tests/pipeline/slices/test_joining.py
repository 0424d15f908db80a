"""Answers of slices as one: no word twice, none lost, at the right time, by the right speaker."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from transcripts.document.values import Document, Segment, Word
from transcripts.services.pipeline.slices.joining import Part, described, joined

WORDS = st.lists(st.sampled_from(["one", "two", "three", "four", "five", "six"]), min_size=1, max_size=60)
EACH_MS, OVERLAP_MS = 500, 4_000


def said(text: str, at_ms: int, speaker: str | None = None, *, each_ms: int = EACH_MS) -> Segment:
    words = tuple(
        Word(one, at_ms + number * each_ms, at_ms + (number + 1) * each_ms) for number, one in enumerate(text.split())
    )
    return Segment(text, words[0].start_ms, words[-1].end_ms, speaker, words)


def texts(parts: list[Part], length_ms: int) -> list[str]:
    return [segment.text for segment in joined(parts, length_ms).segments]


def test_times_are_those_of_the_recording() -> None:
    parts = [
        Part(Document((said("good morning", 100),)), 0, 10_000),
        Part(Document((said("thank you", 200),)), 12_000, 20_000),
    ]
    segments = joined(parts, 20_000).segments
    assert [(one.text, one.start_ms, one.words[1].end_ms) for one in segments] == [
        ("good morning", 100, 1_100),
        ("thank you", 12_200, 13_200),
    ]


def test_an_overlap_is_joined_in_words_of_which_both_agree() -> None:
    before = said("and so my fellow americans", 7_000)
    # The edges of slices are where recognisers err: the last word here, the first there
    parts = [
        Part(Document((before, said("us", 9_500))), 0, 10_000),
        Part(Document((said("mite fellow americans ask not", 2_050),)), 6_000, 16_000, OVERLAP_MS),
    ]
    assert " ".join(texts(parts, 16_000)) == "and so my fellow americans ask not"


def test_without_agreement_an_overlap_is_cut_in_its_middle() -> None:
    parts = [
        Part(Document((said("a b c d e f g h", 6_000),)), 0, 10_000),
        Part(Document((said("i j k l m n o p q", 0),)), 6_000, 16_000, OVERLAP_MS),
    ]
    assert " ".join(texts(parts, 16_000)) == "a b c d m n o p q"


def test_what_only_one_of_two_heard_in_an_overlap_stays() -> None:
    parts = [
        Part(Document((said("a b c", 1_000),)), 0, 10_000),
        Part(Document((said("i j k l", 0),)), 6_000, 16_000, OVERLAP_MS),
    ]
    assert " ".join(texts(parts, 16_000)) == "a b c i j k l"


@given(WORDS, st.integers(10, 30))
def test_no_word_of_a_hard_cut_is_lost_or_twice(words: list[str], most: int) -> None:
    """However often words repeat, two exact answers that overlap make the text that was said."""
    end_ms, parts, at = len(words) * EACH_MS, [], 0
    while True:
        until = min(at + most * EACH_MS, end_ms)
        here = " ".join(words[at // EACH_MS : until // EACH_MS])
        parts.append(Part(Document((said(here, 0),)), at, until, OVERLAP_MS if at else 0))
        if until == end_ms:
            break
        at = until - OVERLAP_MS
    result = joined(parts, end_ms).segments
    assert " ".join(segment.text for segment in result).split() == words
    found = [word for segment in result for word in segment.words]
    assert [word.start_ms for word in found] == [number * EACH_MS for number in range(len(words))]


def test_untimed_answers_keep_all_their_words_within_their_slice() -> None:
    parts = [
        Part(Document((Segment("and so my fellow americans"),)), 0, 10_000),
        Part(Document((Segment("ask not what"),)), 11_000, 16_000),
    ]
    result = joined(parts, 16_000).segments
    assert [segment.text for segment in result] == ["and so my fellow americans", "ask not what"]
    assert result[0].end_ms is not None and result[0].end_ms <= 10_000
    assert result[1].start_ms is not None and result[1].start_ms >= 11_000


def test_voices_are_carried_across_an_overlap_and_numbered_on_otherwise() -> None:
    parts = [
        Part(Document((said("yes", 1_000, "A"), said("and so my", 7_000, "B"))), 0, 10_000),
        Part(Document((said("and so my fellow", 1_000, "A"), said("no", 8_000, "B"))), 6_000, 16_000, OVERLAP_MS),
        Part(Document((said("good morning", 1_000, "A"),)), 17_000, 20_000),
    ]
    speakers = [segment.speaker for segment in joined(parts, 20_000).segments]
    assert [speaker for speaker, _ in itertools.groupby(speakers)] == ["A", "B", "2:B", "3:A"]


def test_labels_that_are_no_estimate_are_the_same_everywhere() -> None:
    parts = [
        Part(Document((said("yes", 1_000, "left"),), has_exact_speakers=True), 0, 10_000),
        Part(Document((said("no", 1_000, "left"),), has_exact_speakers=True), 10_000, 20_000),
    ]
    assert {segment.speaker for segment in joined(parts, 20_000).segments} == {"left"}


def test_the_language_is_that_of_most_words() -> None:
    parts = [
        Part(Document((said("oui", 0),), language="fr", language_probability=0.4), 0, 10_000),
        Part(Document((said("and so my fellow americans", 0),), language="en", is_draft=True), 10_000, 20_000),
    ]
    document = described(parts)
    assert (document.language, document.is_draft, document.has_exact_speakers) == ("en", True, False)
