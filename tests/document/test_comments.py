"""The place of a comment follows its words through edits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts.document.comments import Anchor, Shift, found, moved

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXT = "They had it and one of them wrote noted in the margin"
WORDS = "wrote noted"


def at(text: str, words: str, key: str = "a") -> Anchor:
    begin = text.index(words)
    return Anchor(key, begin, begin + len(words), words, words)


def covered(anchor: Anchor, texts: dict[str, str]) -> str:
    return texts[anchor.key][anchor.begin : anchor.end]


@pytest.mark.parametrize(
    ("after", "covers"),
    [
        (f"Yes. {TEXT}", WORDS),
        (TEXT.replace("had it and", ""), WORDS),
        (TEXT.replace("wrote", "written"), "written noted"),
        (TEXT.replace("wrote noted", "wrote and noted"), "wrote and noted"),
        (TEXT.replace("wrote ", ""), "noted"),
        (TEXT.replace("wrote noted ", ""), ""),
        ("", ""),
    ],
)
def test_a_place_follows_its_words_in_their_segment(after: str, covers: str) -> None:
    place = moved(at(TEXT, WORDS), [Shift("a", TEXT, after)])
    assert covered(place, {"a": after}) == covers
    assert place.quoted == WORDS


def test_a_split_takes_the_place_along_and_undoing_it_brings_it_back() -> None:
    head, tail = TEXT[:15].strip(), TEXT[15:].strip()
    split = moved(at(TEXT, WORDS), [Shift("a", TEXT, head), Shift("b", "", tail, was_present=False)])
    assert (split.key, covered(split, {"b": tail})) == ("b", WORDS)
    back = moved(split, [Shift("a", head, TEXT), Shift("b", tail, tail, is_present=False)])
    assert back == at(TEXT, WORDS)


def test_a_place_that_a_split_divides_keeps_its_beginning_and_is_whole_after_undoing() -> None:
    head, tail = TEXT.split(" noted")[0], "noted in the margin"
    split = moved(at(TEXT, WORDS), [Shift("a", TEXT, head), Shift("b", "", tail, was_present=False)])
    assert covered(split, {"a": head}) == "wrote"
    assert moved(split, [Shift("a", head, TEXT), Shift("b", tail, tail, is_present=False)]) == at(TEXT, WORDS)


def test_a_merge_takes_the_place_to_the_segment_that_has_its_words() -> None:
    whole = f"wrote noted or not. {TEXT}"
    shifts = [Shift("z", "wrote noted or not.", whole), Shift("a", TEXT, TEXT, is_present=False)]
    place = moved(at(TEXT, WORDS), shifts)
    assert (place.key, place.begin) == ("z", whole.rindex(WORDS))
    assert moved(at("wrote noted or not.", WORDS, "z"), shifts).begin == 0


def test_words_that_move_across_a_boundary_take_the_place_along() -> None:
    place = moved(
        at("margin I still", "margin", "b"),
        [Shift("a", "in the", "in the margin"), Shift("b", "margin I still", "I still")],
    )
    assert (place.key, place.begin, place.end) == ("a", 7, 13)


def test_a_removed_segment_keeps_the_place_until_it_returns() -> None:
    gone = moved(at(TEXT, WORDS), [Shift("a", TEXT, TEXT, is_present=False)])
    assert gone == at(TEXT, WORDS)
    assert moved(gone, [Shift("a", TEXT, TEXT, was_present=False)]) == gone


@pytest.mark.parametrize("spelling", [WORDS, "wrote Noted"])
def test_words_that_come_back_have_their_place_again(spelling: str) -> None:
    text = TEXT.replace(WORDS, spelling)
    place = moved(at(TEXT, WORDS), [Shift("a", TEXT, text)])
    less = TEXT.replace(f"{WORDS} ", "")
    lost = moved(place, [Shift("a", text, less)])
    assert lost.begin == lost.end
    assert covered(moved(lost, [Shift("a", less, text)]), {"a": text}) == spelling


def test_the_same_words_elsewhere_are_not_taken_for_those_that_were_removed() -> None:
    before, after = "the cat saw it and the dog ran", "saw it and the dog ran"
    place = moved(at(before, "the cat"), [Shift("a", before, after)])
    assert place.begin == place.end


def test_quoted_words_are_found_nearest_to_their_place() -> None:
    place = replace(at("one two one two", "two"), begin=10, end=13)
    nearest = found(place, [("x", "none of them"), ("a", "two one three two")])
    assert nearest is not None
    assert (nearest.key, nearest.begin) == ("a", 14)
    assert found(place, [("a", "twofold")]) is None


# Any edit, with words that are all different: the range has exactly those of its words that are still there.

WORD = st.integers(0, 10_000).map(lambda number: f"w{number:05}")


@st.composite
def edit(draw: st.DrawFn) -> tuple[list[str], int, int, list[list[str]]]:
    """Words, a range of them, and how an edit divides what it leaves and adds among three segments."""
    words = draw(st.lists(WORD, min_size=2, max_size=14, unique=True))
    first = draw(st.integers(0, len(words) - 1))
    last = draw(st.integers(first + 1, len(words)))
    after: list[str] = []
    for word in words:
        after += [f"new{number}" for number in range(draw(st.integers(0, 1)))]
        after += [word] if draw(st.integers(0, 4)) else []
    cuts = sorted(draw(st.lists(st.integers(0, len(after)), min_size=2, max_size=2)))
    return words, first, last, [after[: cuts[0]], after[cuts[0] : cuts[1]], after[cuts[1] :]]


def divided(words: Sequence[str], parts: Sequence[Sequence[str]]) -> tuple[list[Shift], dict[str, str]]:
    texts = {key: " ".join(part) for key, part in zip("abc", parts, strict=True)}
    shifts = [Shift("a", " ".join(words), texts["a"])]
    return [*shifts, *(Shift(key, "", texts[key], was_present=False) for key in "bc")], texts


@settings(max_examples=300, deadline=None)
@given(edit())
def test_a_place_covers_only_its_own_words_and_what_was_put_among_them(
    case: tuple[list[str], int, int, list[list[str]]],
) -> None:
    words, first, last, parts = case
    own = words[first:last]
    shifts, texts = divided(words, parts)
    place = moved(at(" ".join(words), " ".join(own)), shifts)
    has = covered(place, texts).split()
    assert not {word for word in has if word.startswith("w")} - set(own)
    left = [[word for word in part if word in own] for part in parts]
    assert [word for word in has if word in own] in [*left, []]
    assert any(word in own for word in has) or not any(left)


@settings(max_examples=300, deadline=None)
@given(edit())
def test_undoing_any_edit_gives_the_place_its_words_back(case: tuple[list[str], int, int, list[list[str]]]) -> None:
    words, first, last, parts = case
    place = at(" ".join(words), " ".join(words[first:last]))
    shifts, _ = divided(words, parts)
    undone = [Shift(one.key, one.after, one.before, one.is_present, one.was_present) for one in shifts]
    back = moved(moved(place, shifts), undone)
    assert (back.key, back.begin, back.end) == (place.key, place.begin, place.end)
