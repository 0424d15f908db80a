"""Which words a cue shows, and what can be done about one that exceeds a limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from transcripts.document import Segment, Word
from transcripts.document.editing import words
from transcripts.document.subtitles import FaultKind, cues, faults
from transcripts.document.subtitles.places import Letters, units
from transcripts.document.subtitles.profiles import BBC
from transcripts.document.subtitles.remedies import division, extension

TEXTS = [
    "The dam was never designed for this. We had two hundred years of river data, and then the river stopped.",
    "  And   the ministry\u00a0had that report? ",
    "Cafe\u0301 cre\u0301me 🦫 builds dams\u2028over the cafe\u0301s of the valley, and nothing else at all.",
    "ダムはこのために設計されたものではありません。川のデータは二百年分ありました。",
]


def spoken(text: str, start_ms: int, word_ms: int, speaker: str | None = None) -> Segment:
    """A segment whose words follow each other without a pause."""
    texts = text.split()
    times = [start_ms + place * word_ms for place in range(len(texts) + 1)]
    said = tuple(Word(word, times[place], times[place + 1]) for place, word in enumerate(texts))
    return Segment(text, times[0], times[-1], speaker, said)


def shown_of(segments: list[Segment]) -> list[tuple[int, str]]:
    """What the cues show of each segment, read from the text as it was written."""
    found = []
    for cue in cues(segments, 60_000):
        for part in cue.parts:
            text = segments[part.index].text
            found.append((part.index, text[Letters(text).begin(part.begin) : Letters(text).end(part.end)]))
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_the_places_of_cues_are_the_whole_text_in_its_order(text: str) -> None:
    shown = shown_of([spoken(text, 1_000, 400)])
    assert "".join("".join(part.split()) for _, part in shown) == "".join(text.split())
    assert all(part == part.strip() for _, part in shown)


def test_places_name_the_segment_though_segments_are_sorted_by_time() -> None:
    late, early = spoken("This is said at the end.", 20_000, 400), spoken("This is said first.", 1_000, 400)
    assert shown_of([late, early]) == [(1, "This is said first."), (0, "This is said at the end.")]


def test_cues_of_short_segments_that_are_shown_together_name_both() -> None:
    segments = [spoken("Yes.", 1_000, 300), spoken("No.", 1_300, 300)]
    assert [[part.index for part in cue.parts] for cue in cues(segments, 9_000)] == [[0, 1]]


def test_offsets_of_browsers_count_rare_letters_twice() -> None:
    assert (units("a 🦫 b", 4), units("abc", 2)) == (5, 2)


FAST = spoken("What I want your readers to understand is that nobody lied.", 1_000, 220)
SLOW = spoken("So we wait.", 1_000 + 11 * 220, 600)


def test_a_cue_that_is_too_fast_is_given_the_time_that_the_next_one_does_not_need() -> None:
    shown = cues([FAST, SLOW], 9_000, BBC)
    [fault] = faults(shown, BBC)
    found = extension(shown, fault.index, BBC, 9_000)
    assert fault.kind == FaultKind.TOO_FAST
    assert found is not None
    assert found.room_ms == 1_000 >= fault.more_ms
    moved = words.timed(SLOW, found.from_ms + fault.more_ms, SLOW.end_ms or 0)
    assert faults(cues([FAST, moved], 9_000, BBC), BBC) == []


def test_no_time_is_taken_from_a_cue_that_needs_it_or_from_speech_that_is_over() -> None:
    needed = spoken("What they want our readers to understand is that nobody lied.", FAST.end_ms or 0, 220)
    assert extension(cues([FAST, needed], needed.end_ms, BBC), 0, BBC, needed.end_ms) is None
    assert extension(cues([FAST], 9_000, BBC), 0, BBC, 9_000) is None
    short = spoken("So we wait.", FAST.end_ms or 0, 100)
    found = extension(cues([FAST, short], 9_000, BBC), 0, BBC, 9_000)
    assert found is not None
    assert found.room_ms == 300


def test_a_cue_is_divided_after_a_clause_and_both_halves_have_their_time() -> None:
    text = "We waited for an hour, and the water was still rising over us."
    [cue, *_] = cues([spoken(text, 1_000, 450)], 30_000, replace(BBC, line=60))
    found = division(cue, BBC)
    assert found is not None
    assert text[: Letters(text).begin(found.letter)] == "We waited for an hour, "


def test_a_cue_that_is_too_short_for_two_is_not_divided() -> None:
    [cue] = cues([spoken("Too short for two.", 1_000, 300)], 30_000, BBC)
    assert division(cue, BBC) is None
