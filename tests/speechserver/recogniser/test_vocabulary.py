"""Terms of a vocabulary are written in the place of words that sound alike, and change nothing else."""

from __future__ import annotations

import random
from typing import Any

import pytest

from speechserver.recogniser.vocabulary import corrected


def segment(text: str, *, language: str = "de", from_s: float = 0.0) -> dict[str, Any]:
    """A segment of a pass: each word takes a second, and is the surer the later it comes."""
    words = text.split() if language == "de" else text.split("|")
    said = [
        {"word": word, "start": from_s + at, "end": from_s + at + 1, "confidence": 0.5 + at / 100}
        for at, word in enumerate(words)
    ]
    return {"language": language, "text": text.replace("|", ""), "words": said}


def indifferent(_: tuple[str, str], __: str) -> float:
    """Audio that says nothing of which of two texts is meant."""
    return 0.0


def written(plain: str, biased: str, *terms: str) -> str:
    """What becomes of a text."""
    [one] = corrected([segment(plain)], biased, terms, "de", indifferent)
    assert one["text"] == " ".join(word["word"] for word in one["words"])
    return str(one["text"])


@pytest.mark.parametrize(
    ("plain", "biased", "terms", "expected"),
    [
        ("namens Melcher, der", "namens Melchior, der", ["Melchior"], "namens Melchior, der"),
        ("(Melcher) kam", "Melchior kam", ["Melchior"], "(Melchior) kam"),
        ("Das, allen halben, war", "das allenthalben war", ["allenthalben"], "Das, allenthalben, war"),
        ("die Leibzahl, Otto", "die Leibs Zahl Otto", ["Leibs-Zahl"], "die Leibs-Zahl, Otto"),
        ("Nordstrasse eins", "Nord Straße eins", ["Nord Straße"], "Nord Straße eins"),
        ("Werk Grimelshausens", "Werk Grimmelshausens", ["Grimmelshausen"], "Werk Grimmelshausens"),
        ("They are under.", "thereunder", ["thereunder"], "Thereunder."),
        ("there under it", "Thereunder it", ["thereunder"], "thereunder it"),
        ("Simplizius und Simplizissimus.", "Simplicius und Simplicissimus", ["Simplicissimus", "Simplicius"],
         "Simplicius und Simplicissimus."),
        ("Eifon her", "iFone her", ["iFone"], "iFone her"),
    ],
)  # fmt: skip
def test_a_term_is_written_as_the_vocabulary_has_it(plain: str, biased: str, terms: list[str], expected: str) -> None:
    assert written(plain, biased, *terms) == expected


@pytest.mark.parametrize(
    ("plain", "biased", "terms"),
    [
        ("ganz gut so", "ganz gut so Okonkwo", ["Okonkwo"]),
        ("zwei Winter lang", "zwei Kowalczyk lang", ["Kowalczyk"]),
        ("zwei Winter lang", "zwei Winter kurz", ["Winter"]),
        ("der Mann Anna", "der Mann und Anna Melchior", ["Melchior"]),
        ("und so", "Ann so", ["Ann"]),
        ("Simplicius kam", "Simplicissimus kam", ["Simplicius", "Simplicissimus"]),
        ("das Melcher Haus", "das Melchiorianer Haus", ["Melchior"]),
        ("das gute Haus", "", ["Haus"]),
        ("das gute Haus", "das gute Hauss", ["", "-"]),
    ],
)
def test_what_no_one_said_changes_nothing(plain: str, biased: str, terms: list[str]) -> None:
    assert written(plain, biased, *terms) == plain


def test_of_the_biased_pass_nothing_but_terms_is_taken() -> None:
    assert written("ein alter Melcher ging", "1 alte Melchior gingen", "Melchior") == "ein alter Melchior ging"


def test_a_pass_that_repeats_a_term_finds_it_once_at_most() -> None:
    plain = "eins zwei drei vier fünf sechs Melcher acht neun"
    assert written(plain, "Melchior " * 30, "Melchior") in (plain, plain.replace("Melcher", "Melchior"))


def test_times_and_confidence_are_those_of_the_words_before() -> None:
    terms = ["allenthalben", "Stern Fels"]
    [one] = corrected([segment("ja allen halben Sternfelds")], "ja allenthalben Stern Fels", terms, "de", indifferent)
    assert [tuple(word.values()) for word in one["words"]] == [
        ("ja", 0.0, 1.0, 0.5),
        ("allenthalben", 1.0, 3.0, 0.51),
        ("Stern", 3.0, 3.556, 0.53),
        ("Fels", 3.556, 4.0, 0.53),
    ]


def test_the_passes_are_compared_across_segments() -> None:
    plain = [segment("Es kam"), segment("Melcher. Da ging", from_s=2), segment("Otto", from_s=5)]
    found = corrected(plain, "Es kam Melchior da ging Otto", ["Melchior", "ging Otto"], "de", indifferent)
    assert [one["text"] for one in found] == ["Es kam", "Melchior. Da ging", "Otto"]


def test_characters_are_compared_in_a_language_without_spaces() -> None:
    [one] = corrected([segment("我叫|沃生|博士。", language="zh")], "我叫沃森博士。", ["沃森博士"], "zh", indifferent)
    assert (one["text"], [word["word"] for word in one["words"]]) == ("我叫沃森博士。", ["我叫", "沃森博士。"])


def test_what_the_audio_speaks_against_is_not_written() -> None:
    asked = []

    def preference(texts: tuple[str, str], rival: str) -> float:
        asked.append((texts, rival))
        return -6.0

    plain = [segment("Der alte Melcher, Jon Dashwod.")]
    found = corrected(plain, "Melchior, John Dashwood", ["Melchior", "John Dashwood"], "de", preference)
    assert found == plain
    assert asked == [
        (("Der alte Melcher, Jon Dashwod.", "Der alte Melcher, John Dashwood."), "Jon Dashwod"),
        (("Der alte Melcher, Jon Dashwod.", "Der alte Melchior, Jon Dashwod."), "Melcher"),
    ]
    found = corrected(plain, "Melchior, John Dashwood", ["Melchior", "John Dashwood"], "de", lambda *_: -4.0)
    assert [one["text"] for one in found] == ["Der alte Melcher, John Dashwood."]


def test_any_two_texts_leave_words_and_text_the_same() -> None:
    chance = random.Random(3)
    stems = ["Melchior", "Melcher", "und", "so", "Otto", "Stern-Fels", "Sternfelds,", "ja."]
    for _ in range(2_000):
        plain = [segment(" ".join(chance.choices(stems, k=chance.randrange(1, 6)))) for _ in range(chance.randrange(4))]
        biased = " ".join(chance.choices(stems, k=chance.randrange(12)))
        found = corrected(plain, biased, ["Melchior", "Stern Fels", "Otto und"], "de", indifferent)
        assert len(found) == len(plain)
        for one in found:
            assert one["text"] == " ".join(word["word"] for word in one["words"])
            times = [time for word in one["words"] for time in (word["start"], word["end"])]
            assert times == sorted(times)
