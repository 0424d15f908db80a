"""What a provider made of tracks laid one after the other becomes one conversation, word for word."""

from __future__ import annotations

import random

from transcripts.document import Segment, Word
from transcripts.document.tracks import Track, apart

TRACKS = [Track("Anna", 0, 10_000), Track("Ben", 12_000, 22_000), Track("Cleo", 24_000, 34_000)]


def words_of(segments: tuple[Segment, ...]) -> list[str]:
    return [word.text for segment in segments for word in segment.words]


def said(text: str, start_ms: int | None, speaker: str | None = None) -> Segment:
    end_ms = None if start_ms is None else start_ms + 500
    word = Word(text, start_ms, end_ms)
    return Segment(text, start_ms, end_ms, speaker, (word,))


def test_one_track_is_left_as_it_is() -> None:
    segments = (said("one", 100, "S1"), said("two", 5_000, "S2"))
    assert apart(segments, []) == segments
    assert apart(segments, TRACKS[:1]) == segments


def test_times_count_from_the_beginning_of_each_track() -> None:
    made = apart((said("one", 5_000), said("two", 13_000), said("three", 26_000)), TRACKS)
    assert [(one.speaker, one.text, one.start_ms) for one in made] == [
        ("Ben", "two", 1_000),
        ("Cleo", "three", 2_000),
        ("Anna", "one", 5_000),
    ]
    assert made[0].words == (Word("two", 1_000, 1_500),)


def test_a_word_that_began_in_the_pause_is_of_the_track_that_follows() -> None:
    [one] = apart((said("early", 11_600),), TRACKS)
    assert (one.speaker, one.start_ms) == ("Ben", 0)


def test_words_without_times_stay_behind_those_they_followed() -> None:
    made = apart((said("one", 1_000), said("untimed", None), said("two", 12_500), said("loose", None)), TRACKS)
    assert [(one.speaker, one.text) for one in made] == [
        ("Ben", "two"),
        ("Ben", "loose"),
        ("Anna", "one"),
        ("Anna", "untimed"),
    ]


def test_a_segment_across_two_tracks_is_cut_between_its_words() -> None:
    words = (
        Word("Good", 8_000, 8_200),
        Word("bye.", 8_300, 8_500),
        Word("Hello,", 12_100, 12_300),
        Word("Anna.", None),
    )
    [hello, bye] = apart((Segment("Good bye. Hello, Anna.", 8_000, 12_300, None, words),), TRACKS)
    assert (hello.speaker, hello.text, bye.speaker, bye.text) == ("Ben", "Hello, Anna.", "Anna", "Good bye.")


def test_a_segment_is_cut_between_its_words_although_one_is_not_in_its_text() -> None:
    words = (Word("uh", 7_000, 7_100), Word("bye.", 8_300, 8_500), Word("Hello,", 12_100, 12_300), Word("bye.", 12_400))
    [hello, bye] = apart((Segment("Good bye. Hello, bye.", 7_000, 12_500, None, words),), TRACKS)
    assert (hello.text, bye.text) == ("Hello, bye.", "Good bye.")


def test_words_between_tracks_that_the_text_does_not_hold_leave_the_cut_behind_those_it_holds() -> None:
    words = (Word("Bye.", 8_300, 8_500), Word("Uh", 12_100, 12_300), Word("Anna.", 12_400, 12_600))
    [hello, bye] = apart((Segment("Bye. Hello, Anna.", 8_300, 12_600, None, words),), TRACKS)
    assert (hello.text, bye.text) == ("Hello, Anna.", "Bye.")


def test_speakers_that_a_provider_told_apart_stay_apart() -> None:
    made = apart((said("a", 100, "S1"), said("b", 900, "S2"), said("c", 13_000, "S1")), TRACKS)
    assert {one.text: one.speaker for one in made} == {"a": "Anna, speaker 1", "b": "Anna, speaker 2", "c": "Ben"}


def test_no_word_is_lost_or_doubled_and_time_runs_forward() -> None:
    for seed in range(500):
        chance = random.Random(seed)
        number = 0
        segments: list[Segment] = []
        for _ in range(chance.randrange(1, 12)):
            words = []
            for _ in range(chance.randrange(0, 6)):
                number += 1
                at = chance.choice((None, chance.randrange(0, 36_000)))
                words.append(Word(f"w{number}", at, None if at is None else at + 200))
            text = " ".join(word.text for word in words) or f"text{seed}"
            starts = [word.start_ms for word in words if word.start_ms is not None]
            segments.append(Segment(text, min(starts, default=None), None, None, tuple(words)))
        made = apart(tuple(segments), TRACKS)
        assert sorted(words_of(made)) == sorted(words_of(tuple(segments)))
        texts = " ".join(segment.text for segment in made).split()
        assert sorted(texts) == sorted(" ".join(segment.text for segment in segments).split())
        times = [segment.start_ms for segment in made if segment.start_ms is not None]
        assert times == sorted(times)
