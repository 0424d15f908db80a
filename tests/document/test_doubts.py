"""Which words are doubtful: the cases that the page's copy of the rules is held to as well."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from transcripts.document.doubts import rules
from transcripts.document.doubts.near_terms import NearTerms, distance, sound_of
from transcripts.document.values import Segment, Timing, Word

CASES = json.loads(Path(__file__).with_name("doubt_cases.json").read_text())
WORD_MS = 400
MARKED = re.compile(r"(?:(“))?\{([^}]*)\}")


def segment(marked: str) -> Segment:
    """Read "so {41}be it": the percents of a word are before it, "?" for none, "=" for a word of someone's own."""
    words = []
    for number, part in enumerate(marked.split()):
        found = MARKED.search(part)
        percent = found[2] if found else "95"
        text = MARKED.sub(lambda one: one[1] or "", part)
        confidence = None if percent in "?=" else int(percent) / 100
        timing = Timing.ESTIMATED if percent == "=" else Timing.MEASURED
        words.append(Word(text, number * WORD_MS, (number + 1) * WORD_MS, confidence, timing))
    return Segment(" ".join(word.text for word in words), 0, len(words) * WORD_MS, words=tuple(words))


def found(case: dict[str, Any]) -> list[list[Any]]:
    begin, end = case.get("silent", (0, 0))
    near = NearTerms(case.get("terms", []))
    segments = [segment(text) for text in case["says"]]
    facts = [
        rules.facts_of(
            one, is_human=case.get("human", False), is_silent=lambda first, last: begin <= first and last <= end
        )
        for one in segments
    ]
    decided = rules.Rules(case.get("threshold", 60), rules.names_in(facts), near.near_misses, near.is_known)
    return [
        [number, item.text, [str(kind) for kind in item.kinds], *([item.term] if item.term else [])]
        for number, (one, known) in enumerate(zip(segments, facts, strict=True))
        for item in rules.items_of(one.text, known, decided)
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_doubtful_words_are_found(case: dict[str, Any]) -> None:
    assert found(case) == case["items"]


def test_words_that_sound_alike_have_one_sound() -> None:
    assert sound_of(["tall", "vague"]) == sound_of(["thalweg"])


@pytest.mark.parametrize(("one", "other", "apart"), [("abc", "abc", 0), ("abc", "abd", 1), ("abc", "xyz", 3)])
def test_letters_that_differ_are_counted_up_to_a_limit(one: str, other: str, apart: int) -> None:
    assert distance(one, other, 3) == apart
    assert distance(one, other, 1) == min(apart, 2)
