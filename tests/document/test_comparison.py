"""Two states of a text compared by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.document.comparison import SEGMENT_END, Block, Paragraph, compare


def paragraphs(*texts: str, speaker: str = "0") -> list[Paragraph]:
    return [Paragraph(f"s{number}", text, speaker) for number, text in enumerate(texts)]


def drawn(blocks: list[Block]) -> list[str]:
    """Write each block as a line: [-removed-], {+added+}."""
    marks = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return ["".join(marks[piece.tag].format(piece.text.strip()) for piece in block.pieces) for block in blocks]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (["a tall vague moved"], ["a thalweg moved"], ["a[-tall vague-]{+thalweg+}moved"]),
        (["one two"], ["one two"], ["one two"]),
        (["one", "two"], ["one"], ["one", "[-two-]"]),
        (["one"], ["one", "two"], ["one", "{+two+}"]),
        (["one two"], ["one", "two"], [f"one{{+{SEGMENT_END}+}}", "two"]),
        (["one", "two"], ["one two"], [f"one[-{SEGMENT_END}-]", "two"]),
    ],
)
def test_what_changed_is_marked_and_nothing_else(old: list[str], new: list[str], expected: list[str]) -> None:
    assert drawn(compare(paragraphs(*old), paragraphs(*new))) == expected


def test_each_change_is_counted_once_with_the_speakers() -> None:
    blocks = compare([Paragraph("s0", "a b c d", "0")], [Paragraph("s0", "a x c y z", "1")])
    assert [block.changes for block in blocks] == [3]
    assert sum(piece.begins for piece in blocks[0].pieces) == 2


WORDS = st.lists(st.sampled_from(["a", "b", "c", "词", "d."]), max_size=6).map(" ".join)
TEXTS = st.lists(WORDS, max_size=4)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_a_comparison(old: list[str], new: list[str]) -> None:
    blocks = compare(paragraphs(*old), paragraphs(*new))

    def said(*tags: str) -> list[str]:
        shown = "".join(piece.text for block in blocks for piece in block.pieces if piece.tag in tags)
        return shown.replace(SEGMENT_END, "").replace(" ", "").split()

    assert said("equal", "delete") == "".join(old).replace(" ", "").split()
    assert said("equal", "insert") == "".join(new).replace(" ", "").split()
