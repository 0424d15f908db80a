"""What operations do to rows, alone and after others."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.document.editing.memory import do, made, said
from transcripts.document import alignment
from transcripts.document.editing import operations, texts, undo
from transcripts.document.values import Timing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document.editing.apply import RowOperation
    from transcripts.document.editing.rows import MemoryRows, Overwritten, Row
    from transcripts.document.values import Segment

# Texts


@pytest.mark.parametrize(
    ("base", "mine", "now", "merged"),
    [
        ("a b c", "a B c", "a b C", "a B C"),
        ("a b", "a x b", "a y b", "a y x b"),
        ("a b c", "a c", "a b c d", "a c d"),
        ("a b c", "a c", "a B c", "a B c"),  # an edit beats a removal
        ("hold the page", "hold the page", "stop", "stop"),
        ("", "mine", "theirs", "theirs mine"),
        ("今日は雨です", "今日は雪です", "明日は雨です", "明日は雪です"),
        ("a\u00a0b", "a\u00a0B", "A\u00a0b", "A\u00a0B"),
        ("😀 ok", "😀 fine", "😎 ok", "😎 fine"),
    ],
)
def test_changes_of_different_words_are_merged(base: str, mine: str, now: str, merged: str) -> None:
    assert texts.merge(base, mine, now) == texts.Merged(merged)


def test_where_both_changed_the_same_word_the_other_is_returned() -> None:
    assert texts.merge("a b c", "a mine c", "a theirs c") == texts.Merged("a mine c", (("mine", "theirs"),))


@pytest.mark.parametrize(("at", "place"), [(0, 0), (2, 2), (3, 7), (5, 9)])
def test_a_place_moves_with_the_words_around_it(at: int, place: int) -> None:
    assert texts.moved("a b c", "a new b c", at) == place


# Rows


def test_a_cut_word_is_on_both_sides_with_its_time() -> None:
    rows = made("hold thepage")
    do(rows, operations.Split("r0", "hold thepage", 8, "n"))
    left, right = rows.present()
    assert (left.text, right.text) == ("hold the", "page")
    assert [(word.text, word.start_ms, word.end_ms) for word in left.segment.words][-1] == ("the", 400, 571)
    assert [(word.text, word.start_ms, word.timing) for word in right.segment.words] == [("page", 571, "retained")]


def test_what_no_row_takes_is_kept_in_a_row_of_its_own() -> None:
    rows = made("a b", "c d")
    do(rows, operations.Remove("r0", "a b"))
    do(rows, operations.Split("r0", "a b", 2, "n"))
    do(rows, operations.SetText("unknown", "", "typed", after="r1"))
    assert said(rows) == ["b", "c d", "typed"]


def test_an_edit_brings_a_removed_row_back() -> None:
    rows = made("a b", "c d")
    do(rows, operations.Remove("r1", "c d"))
    do(rows, operations.SetText("r1", "c d", "c d e"))
    assert said(rows) == ["a b", "c d e"]


def test_a_boundary_stays_between_its_segments() -> None:
    rows = made("a b", "c d")
    do(rows, operations.MoveBoundary("r1", 99_000))
    first, second = rows.present()
    assert (first.segment.end_ms, second.segment.start_ms, second.segment.end_ms) == (1_600, 1_600, 1_600)
    do(rows, operations.MoveBoundary("r1", 600))
    first, second = rows.present()
    assert (first.segment.end_ms, second.segment.start_ms) == (600, 600)


def sure(rows: MemoryRows) -> list[list[str]]:
    return [[word.text for word in row.segment.words if word.confidence == 1] for row in rows.present()]


def test_an_accepted_word_is_certain() -> None:
    rows = made("the the end")
    do(rows, operations.Accept("r0", ((4, "the"),)))
    assert [word.confidence for word in rows.present()[0].segment.words] == [0.9, 1.0, 0.9]


def test_several_words_are_accepted_as_one() -> None:
    rows = made("in nineteen ninety eight, when")
    do(rows, operations.Accept("r0", ((3, "nineteen ninety eight"),)))
    assert sure(rows) == [["nineteen", "ninety", "eight,"]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (operations.SetText("r0", "so the end", "and so the end"), [["end"]]),
        (operations.SetText("r0", "so the end", "so the finish"), [[]]),
        (operations.Split("r0", "so the end", 3, "n"), [[], ["end"]]),
    ],
)
def test_an_accepted_word_is_found_where_others_moved_it(change: RowOperation, expected: list[list[str]]) -> None:
    rows = made("so the end")
    do(rows, change, now=1)
    do(rows, operations.Accept("r0", ((7, "end"),)), seq=0, now=2)
    assert sure(rows) == expected


def test_no_part_of_another_word_is_accepted() -> None:
    rows = made("weekend end")
    do(rows, operations.Accept("r0", ((4, "end"),)))
    assert sure(rows) == [["end"]]


def test_an_acceptance_is_taken_back_after_others_accepted_other_words() -> None:
    rows = made("one two three")
    before = rows.present()[0]
    do(rows, operations.Accept("r0", ((0, "one"),)))
    after = rows.present()[0]
    do(rows, operations.Accept("r0", ((4, "two"),)), now=2)
    back, _ = undo.undone(rows.present(), before, after)
    assert [word.confidence for word in back[0].segment.words] == [0.9, 1.0, 0.9]


@pytest.mark.parametrize("words", [[], [[0]], [["a", 0]], [[-1, "a"]], "the", [[0, 1]], None])
def test_what_is_no_list_of_words_is_refused(words: object) -> None:
    with pytest.raises(operations.BadOperation):
        operations.parse([{"op": "accept", "id": "s0", "words": words}])


# Properties


@dataclass
class Writer:
    """Someone who edits on what they last saw, and types words that no one else types."""

    name: str
    random: random.Random
    seen: list[Row] = field(default_factory=list)
    seq: int = 0
    typed: list[str] = field(default_factory=list)

    def look(self, rows: MemoryRows, number: int) -> None:
        self.seen, self.seq = list(rows.present()), number

    def word(self) -> str:
        self.typed.append(f"{self.name}{len(self.typed)}")
        return self.typed[-1]

    def operation(self, *, adds_only: bool) -> RowOperation:
        row = self.random.choice(self.seen)
        words = row.text.split(" ") if row.text else []
        kinds = ["type", "type", "type", "split", "merge", "speaker", "times"]
        match self.random.choice(kinds if adds_only else [*kinds, "drop", "replace", "remove"]):
            case "type":
                at = self.random.randint(0, len(words))
                return operations.SetText(row.key, row.text, " ".join([*words[:at], self.word(), *words[at:]]))
            case "split":
                at = len(" ".join(words[: self.random.randint(0, len(words))]))
                return operations.Split(row.key, row.text, at, f"{self.name}-{self.random.random()}"[:30])
            case "merge":
                return operations.Merge(row.key)
            case "speaker":
                return operations.SetSpeaker((row.key,), self.random.choice(["1", "2", ""]))
            case "times":
                start_ms = self.random.randint(0, 9_000)
                return operations.SetTimes(row.key, start_ms, start_ms + self.random.randint(0, 3_000))
            case "drop":
                at = self.random.randint(0, len(words))
                return operations.SetText(row.key, row.text, " ".join([*words[:at], *words[at + 1 :]]))
            case "replace":
                at = self.random.randint(0, max(0, len(words) - 1))
                return operations.SetText(row.key, row.text, " ".join([*words[:at], self.word(), *words[at + 1 :]]))
            case _:
                return operations.Remove(row.key, row.text)


def check(rows: MemoryRows) -> None:
    """Assert what holds for every document."""
    keys = [row.key for row in rows.present()]
    assert len(keys) == len(set(keys))
    for row in rows.present():
        one = row.segment
        assert one.start_ms is not None
        assert one.end_ms is not None
        assert 0 <= one.start_ms <= one.end_ms
        assert None not in alignment.spans(one.text, [word.text for word in one.words])
        assert all(word.timing in Timing for word in one.words)
        for word in one.words:
            assert word.start_ms is None or 0 <= word.start_ms <= (word.end_ms or 0)


def interleave(seed: int, writers: int, *, adds_only: bool, steps: int = 30) -> None:
    """Let people edit at once; assert that the document is whole and, if they only add, each word there once."""
    source = random.Random(seed)
    rows = made("the dam was never", "designed for this", "and then", "the river stopped behaving")
    people = [Writer(f"w{n}x", source) for n in range(writers)]
    lost: list[Overwritten] = []
    for person in people:
        person.look(rows, 0)
    for number in range(1, steps + 1):
        person = source.choice(people)
        if source.random() < 0.4:
            person.look(rows, number - 1)
        if not person.seen:
            continue
        lost += do(rows, person.operation(adds_only=adds_only), seq=person.seq, now=number)
        # A page knows what its own batch made of the text before it sends the next
        person.look(rows, number)
        check(rows)
    if adds_only:
        found = " ".join([*said(rows), *(one.offered for one in lost)]).split()
        for person in people:
            for word in person.typed:
                assert found.count(word) == 1, (seed, word, said(rows), lost)


def test_no_typed_word_is_lost_or_doubled() -> None:
    for seed in range(150):
        interleave(seed, 2 + seed % 2, adds_only=True)


def test_the_document_stays_whole_whatever_is_done_to_it() -> None:
    for seed in range(150):
        interleave(seed, 2 + seed % 2, adds_only=False)


@pytest.mark.long
def test_no_typed_word_is_lost_or_doubled_in_thousands_of_sessions() -> None:
    for seed in range(1_000, 3_000):
        interleave(seed, 2 + seed % 2, adds_only=True)
        interleave(seed, 2 + seed % 2, adds_only=False)


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_undo_is_the_inverse(seed: int) -> None:
    rows = made("the dam was never", "designed for this", "and then", "the river stopped behaving")
    first = list(rows.present())
    writer = Writer("w", random.Random(seed))
    edits: list[list[tuple[Row | None, Row]]] = []
    for number in range(1, 12):
        writer.look(rows, number)
        if not writer.seen:
            break
        operation = writer.operation(adds_only=False)
        before = dict(rows.rows)
        do(rows, operation, seq=number, now=number)
        edits.append([(before.get(row.key), row) for row in rows.rows.values() if before.get(row.key) != row])
    for edit in reversed(edits):
        for earlier, later in edit:
            now = rows.get(later.key)
            assert now is not None
            [row], lost = undo.undone([now], earlier, later)
            assert lost == []
            rows.put(row)
    assert comparable(rows.present()) == comparable(first)


def comparable(rows: Sequence[Row]) -> list[tuple[str, Segment]]:
    return [(row.key, row.segment) for row in rows]


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_words_that_no_one_touched_keep_their_times(seed: int) -> None:
    source = random.Random(seed)
    rows = made("alpha beta gamma delta", "epsilon zeta eta", "theta iota kappa lambda")
    times = {word.text: (word.start_ms, word.end_ms) for row in rows.present() for word in row.segment.words}
    writer = Writer("w", source)
    for number in range(1, 20):
        writer.look(rows, number)
        operation = writer.operation(adds_only=False)
        if not isinstance(operation, operations.SetTimes | operations.Remove):
            do(rows, operation, seq=number, now=number)
    for row in rows.present():
        for word in row.segment.words:
            if word.text in times and word.timing == Timing.MEASURED:
                assert (word.start_ms, word.end_ms) == times[word.text]
