"""A second hearing comes in where nobody wrote, and what people wrote stays."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from transcripts.document import Segment, Timing, Word
from transcripts.document.merging.merge import Base, Merged, merge

WORD_MS = 400


def spoken(text: str, start_ms: int = 0, speaker: str | None = None) -> Segment:
    """A segment whose words follow each other; its text may have punctuation that its words have not."""
    words = tuple(
        Word(part.strip(".,?"), start_ms + n * WORD_MS, start_ms + (n + 1) * WORD_MS, 0.9, Timing.MEASURED)
        for n, part in enumerate(text.split())
    )
    return Segment(text, start_ms, start_ms + len(words) * WORD_MS, speaker, words)


def edited(before: str, after: str, start_ms: int = 0, speaker: str | None = None) -> Base:
    """A segment that a person corrected, with the times its words had."""
    machine = spoken(before, start_ms, speaker)
    times = spoken(after, start_ms, speaker)
    return Base(replace(times, end_ms=machine.end_ms), machine)


def untouched(text: str, start_ms: int = 0, speaker: str | None = None) -> Base:
    return Base(spoken(text, start_ms, speaker))


def texts(merged: Merged) -> list[str]:
    return [one.segment.text for one in merged.segments]


def conflicts(merged: Merged) -> list[tuple[str, str]]:
    return [(found.kept, found.offered) for one in merged.segments for found in one.conflicts]


def one(before: str, after: str, heard: str) -> tuple[str, list[tuple[str, str]]]:
    merged = merge([edited(before, after)], [spoken(heard)])
    assert len(merged.segments) == 1
    return texts(merged)[0], conflicts(merged)


@pytest.mark.parametrize(
    ("before", "after", "heard", "result", "open_places"),
    [
        # The person's word, and the new words around it.
        ("a damn never build", "a dam never build", "a damn never built", "a dam never built", []),
        # Both heard the same as the person wrote.
        ("the damn holds", "the dam holds", "the dam holds", "the dam holds", []),
        # Two opinions of the same word.
        ("the damn holds", "the dam holds", "the dame holds", "the dam holds", [("dam", "dame")]),
        # What a person took out stays out.
        ("we um agree", "we agree", "we um agree", "we agree", []),
        ("we um agree", "we agree", "we uhm agree", "we agree", [("we", "we uhm")]),
        # What a person put in stays in.
        ("we agree", "we all agree", "we agreed", "we all agree", [("all agree", "agreed")]),
        ("we agree now", "we all agree now", "we agree then", "we all agree then", []),
        # Case and punctuation make no conflict, and a person's stay.
        ("the bbc said", "the BBC said", "the bbc said", "the BBC said", []),
        ("the bbc said", "the BBC said", "The Bbc, said", "The BBC said", []),
        ("hello there", "hello there", "Hello, there.", "Hello, there.", []),
        # Nothing was heard there any more.
        ("the damn holds", "the dam holds", "", "the dam holds", [("the dam holds", "")]),
        # The person emptied it.
        ("cough cough", "", "cough cough", "", []),
    ],
)  # fmt: skip
def test_words_of_an_edited_segment(
    before: str, after: str, heard: str, result: str, open_places: list[tuple[str, str]]
) -> None:
    merged = merge([edited(before, after)], [spoken(heard)] if heard else [])
    assert (texts(merged), conflicts(merged)) == ([result], open_places)


def test_where_nobody_wrote_the_new_segments_stand_as_they_are() -> None:
    fresh = [spoken("Good morning.", 0, "A"), spoken("Thank you.", 2_000, "B"), Segment("No times here.")]
    merged = merge([untouched("good mourning"), untouched("thank you", 1_900)], fresh)
    assert [one.segment for one in merged.segments] == fresh


def test_a_new_segment_is_cut_where_it_reaches_into_an_edited_one() -> None:
    base = [untouched("one too", 0), edited("three for", "three four", 800), untouched("five", 1_600)]
    merged = merge(base, [spoken("one two, three, for five six", 0, "A")])
    assert texts(merged) == ["one two,", "three, four", "five six"]
    assert [one.base for one in merged.segments] == [None, 1, None]
    assert [(one.segment.start_ms, one.segment.end_ms) for one in merged.segments] == [
        (0, 800),
        (800, 1_600),
        (1_600, 2_400),
    ]


def test_a_word_heard_just_outside_an_edited_segment_belongs_to_it() -> None:
    merged = merge([edited("the damn holds", "the dam holds", 5_000)], [spoken("the damn holds", 4_700)])
    assert texts(merged) == ["the dam holds"]


def test_where_two_speak_at_once_words_stay_with_their_sentence() -> None:
    base = [untouched("a b c d e f", 0, "Hale"), edited("g h i", "g H2 i", 1_600, "Berg")]
    merged = merge(base, [spoken("a b c d e f", 0, "0"), spoken("g h i", 1_600, "1")])
    assert texts(merged) == ["a b c d e f", "g H2 i"]


def test_scripts_without_spaces_get_none() -> None:
    machine = Segment(
        "今日は雨", 0, 900, None, tuple(Word(c, n * 300, n * 300 + 300) for n, c in enumerate(["今日", "は", "雨"]))
    )
    person = Segment(
        "今日は雪", 0, 900, None, tuple(Word(c, n * 300, n * 300 + 300) for n, c in enumerate(["今日", "は", "雪"]))
    )
    heard = Segment(
        "今日も雨", 0, 900, None, tuple(Word(c, n * 300, n * 300 + 300) for n, c in enumerate(["今日", "も", "雨"]))
    )
    assert texts(merge([Base(person, machine)], [heard])) == ["今日も雪"]  # fmt: skip


def test_a_name_that_a_person_gave_goes_to_the_voice_that_speaks_most_at_those_times() -> None:
    base = [untouched("a b c d", 0, "Hale"), untouched("e f", 1_600, "Berg"), untouched("g", 2_400, "Hale")]
    merged = merge(base, [spoken("a b c d", 0, "0"), spoken("e f", 1_600, "1"), spoken("g", 2_400, "2")])
    assert merged.voices == {"0": "Hale", "1": "Berg"}


def test_an_edited_segment_keeps_its_speaker() -> None:
    merged = merge([edited("yes", "Yes!", 0, "Hale")], [spoken("yes", 0, "7")])
    assert merged.segments[0].segment.speaker == "Hale"


def test_kept_words_stand_between_the_words_heard_around_them() -> None:
    merged = merge([edited("a b c", "a X Y c", 1_000)], [spoken("a b c", 1_100)])
    times = [(word.text, word.start_ms, word.end_ms) for word in merged.segments[0].segment.words]
    assert times == [("a", 1_100, 1_500), ("X", 1_500, 1_700), ("Y", 1_700, 1_900), ("c", 1_900, 2_300)]


VOCABULARY = ["the", "dam", "river", "said", "never", "that", "Hale", "report", "page", "silt", "gate", "we", "you"]


def random_case(choice: random.Random) -> tuple[list[Base], list[Segment]]:
    """A transcript of which people corrected some, and a second hearing of the same sound."""
    base: list[Base] = []
    heard: list[Segment] = []
    at = 0
    for number in range(choice.randrange(1, 8)):
        words = choice.choices(VOCABULARY, k=choice.randrange(1, 12))
        text = " ".join(words)
        if choice.random() < 0.5:
            base.append(edited(text, " ".join(changed(choice, words, f"P{number}")), at, choice.choice(["S", "T"])))
        else:
            base.append(untouched(text, at, choice.choice(["S", "T"])))
        again = changed(choice, words, f"h{number}") or ["so"]
        heard.append(spoken(" ".join(again[: len(words)]), at + choice.randrange(-150, 150) * bool(at), "A"))
        at += len(words) * WORD_MS + choice.choice([400, 2_000])
    return base, heard


def changed(choice: random.Random, words: list[str], mark: str) -> list[str]:
    """Some words other, some gone, some put in; every new one is like no other."""
    result: list[str] = []
    for number, word in enumerate(words):
        match choice.randrange(8):
            case 0:
                result.append(f"{mark}x{number}")
            case 1:
                result += [word, f"{mark}y{number}"]
            case 2:
                continue
            case _:
                result.append(word)
    return result


@pytest.mark.parametrize("seed", range(150))
def test_whatever_was_written_and_heard_no_word_of_a_person_is_lost(seed: int) -> None:
    base, heard = random_case(random.Random(seed))
    merged = merge(base, heard)
    continued = {one.base: one.segment for one in merged.segments if one.base is not None}
    assert sorted(continued) == [number for number, one in enumerate(base) if one.machine is not None]
    for number, segment in continued.items():
        written = [word for word in base[number].present.text.split() if word.startswith("P")]
        assert [word for word in segment.text.split() if word.startswith("P")] == written
    assert all(segment.speaker == base[number].present.speaker for number, segment in continued.items())


@pytest.mark.parametrize("seed", range(150))
def test_every_word_heard_is_somewhere_once_and_times_grow(seed: int) -> None:
    base, heard = random_case(random.Random(seed))
    merged = merge(base, heard)
    placed = [word for one in merged.segments for word in (one.segment if one.base is None else one.fresh).words]
    assert sorted(word.text for word in placed) == sorted(word.text for one in heard for word in one.words)
    for one in merged.segments:
        starts = [word.start_ms or 0 for word in one.segment.words]
        assert starts == sorted(starts)
        assert all((word.end_ms or 0) >= (word.start_ms or 0) for word in one.segment.words)
    begins = [one.segment.start_ms or 0 for one in merged.segments]
    assert begins == sorted(begins)


@pytest.mark.parametrize("seed", range(100))
def test_hearing_the_same_again_gives_back_what_people_wrote(seed: int) -> None:
    base, _ = random_case(random.Random(seed))
    merged = merge(base, [one.machine or one.present for one in base])
    assert texts(merged) == [one.present.text for one in base]
    assert conflicts(merged) == []


@pytest.mark.parametrize("seed", range(100))
def test_merging_the_same_hearing_twice_changes_nothing_more(seed: int) -> None:
    base, heard = random_case(random.Random(seed))
    once = merge(base, heard)
    again = merge([Base(one.segment, None if one.base is None else one.fresh) for one in once.segments], heard)
    assert texts(again) == texts(once)
    assert conflicts(again) == []
