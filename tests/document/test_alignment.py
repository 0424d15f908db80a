"""Each word of a list is found in its text, whatever else the text holds."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts.document import Segment, Word
from transcripts.document.alignment import REACH, spans
from transcripts.document.segmentation.pieces import pieces

WORDS = st.lists(st.sampled_from(["a", "at", "cat", "Cat,", "one", "ни", "世", "世界", "😀", "", "don"]), max_size=12)
TEXTS = st.lists(st.sampled_from(["a", "at", "cat", "Cat,", "one", "ни", "世界", "😀", "don't", " ", "-"]), max_size=12)


def found(text: str, words: list[str]) -> list[str | None]:
    """What is at each word's span, with where it begins."""
    return [None if span is None else f"{span[0]} {text[span[0] : span[1]]}" for span in spans(text, words)]


@settings(deadline=None)
@given(TEXTS.map("".join), WORDS)
def test_spans_are_in_order_disjoint_and_hold_their_words(text: str, words: list[str]) -> None:
    result = spans(text, words)
    assert len(result) == len(words)
    there = [(span, word) for span, word in zip(result, words, strict=True) if span is not None]
    assert all(text[begin:end] == word for (begin, end), word in there)
    assert all(one[1] <= other[0] for (one, _), (other, _) in pairwise(there))


@settings(deadline=None)
@given(WORDS.map(lambda words: [word for word in words if word]), st.sampled_from(["", " ", ", "]))
def test_words_that_are_all_there_are_each_the_next_occurrence(words: list[str], space: str) -> None:
    text, reached = space.join(words), 0
    for word, span in zip(words, spans(text, words), strict=True):
        begin = text.find(word, reached)
        reached = begin + len(word)
        assert span == (begin, reached)


@settings(deadline=None)
@given(st.lists(st.integers(0, 99).map("w{:02}".format), min_size=1, max_size=30, unique=True), st.data())
def test_only_the_words_that_were_taken_out_are_missing(words: list[str], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from(words)))
    text = " ".join(word for word in words if word not in gone)
    assert [span is None for span in spans(text, words)] == [word in gone for word in words]


def test_words_that_are_all_there_may_be_letters_of_one() -> None:
    assert found("saw a", ["a", "a"]) == ["1 a", "4 a"]


def test_a_missing_word_does_not_take_a_later_occurrence_from_those_behind_it() -> None:
    words = ["one", "later", "two", "three", "later"]
    assert found("one two three later", words) == ["0 one", None, "4 two", "8 three", "14 later"]


def test_a_missing_word_is_not_found_within_another_one() -> None:
    assert found("I saw him", ["I", "a", "Bob", "him"]) == ["0 I", None, None, "6 him"]
    assert found("one apple", ["one", "a", "gone"]) == ["0 one", None, None]
    assert found("one saw", ["one", "aw", "gone"]) == ["0 one", None, None]


def test_parts_of_a_word_are_found_beside_a_missing_one() -> None:
    assert found("they cannot know", ["we", "can", "not", "know"]) == [None, "5 can", "8 not", "12 know"]


def test_words_of_scripts_without_spaces_are_found_beside_a_missing_one() -> None:
    assert found("私は学生です", ["私", "も", "学生", "です"]) == ["0 私", None, "2 学生", "4 です"]


def test_a_word_that_the_text_writes_as_several_is_found_behind_inserted_text() -> None:
    text = "new " * REACH + "New York"
    assert found(text, ["gone", "New York"]) == [None, f"{len(text) - 8} New York"]


def test_words_far_behind_inserted_text_are_found() -> None:
    text = "one " + "new " * REACH + "two"
    assert found(text, ["one", "gone", "two"]) == ["0 one", None, f"{len(text) - 3} two"]


def test_other_case_is_another_word() -> None:
    assert found("The end", ["the", "end"]) == [None, "4 end"]


def test_an_empty_word_is_nowhere() -> None:
    assert found("a b", ["a", "", "b"]) == ["0 a", None, "2 b"]


def test_a_word_of_nothing_but_punctuation_is_found_beside_a_missing_one() -> None:
    assert found("so – yes", ["gone", "–", "yes"]) == [None, "3 –", "5 yes"]


class Counted(str):
    """A text that counts how many characters are searched."""

    __slots__ = ("searched",)
    searched: int

    def find(self, word: str, begin: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        self.searched += (len(self) if end is None else end) - begin
        return super().find(word, begin, end)


def test_a_rewritten_book_is_searched_in_bounded_work() -> None:
    text, words = Counted("ab " * 200_000), [f"w{number}" for number in range(1_000)]
    text.searched = 0
    assert spans(text, words) == [None] * len(words)
    assert text.searched <= len(text) + len(words) * (REACH + 10)


def test_pieces_leave_out_a_missing_word_and_keep_the_times_of_its_neighbours() -> None:
    words = (Word("one", 0, 100), Word("gone", 100, 200), Word("three", 800, 900))
    segment = Segment("one, two new three!", 0, 900, None, words)
    assert [(piece.written, piece.word.start_ms, piece.word.end_ms) for piece in pieces(segment)] == [
        ("one,", 0, 100),
        ("two", 100, 450),
        ("new", 450, 800),
        ("three!", 800, 900),
    ]
