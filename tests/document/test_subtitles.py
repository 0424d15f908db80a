"""Subtitles keep the limits of their profile, break at sense, and name what no layout can meet."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts.document import Segment, Timing, Word
from transcripts.document.subtitles import NETFLIX, PROFILES, Cue, FaultKind, Profile, cues, faults
from transcripts.document.subtitles.faults import reading_speed
from transcripts.document.subtitles.profiles import own

EVERY_PROFILE = [*PROFILES.values(), own(line=20, lines=1, speed=12, shortest_ms=600, longest_ms=4_000, gap_ms=120)]


def spoken(text: str, *, start: int = 0, each: int = 400, language: str = "en", separator: str = " ") -> Segment:
    said = text.split(separator) if separator else list(text)
    words = tuple(
        Word(word.strip(",."), start + i * each, start + (i + 1) * each - 20, 0.9, Timing.MEASURED)
        for i, word in enumerate(said)
    )
    return Segment(text, words[0].start_ms, words[-1].end_ms, None, words, language)


def cue(text: str, ms: int, *, language: str | None = None) -> Cue:
    return Cue(0, ms, tuple(text.split("\n")), (None,), (language,))


WORDS = st.sampled_from(["the", "river,", "rose", "and", "nobody", "knew.", "to", "of", "a", "well-known", "x" * 30])


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(st.lists(WORDS, min_size=1, max_size=60), st.integers(60, 900), st.sampled_from(EVERY_PROFILE))
def test_every_word_is_in_one_cue_and_each_limit_is_met_or_named(said: list[str], each: int, profile: Profile) -> None:
    made = cues([spoken(" ".join(said), each=each)], None, profile)
    shown = "".join(line for one in made for line in one.lines).replace(" ", "")
    assert shown == "".join(said)
    named = {(fault.index, fault.kind) for fault in faults(made, profile)}
    for index, one in enumerate(made):
        span_ms = one.end_ms - one.start_ms
        exceeded = {
            FaultKind.TOO_FAST: reading_speed(one, profile) > profile.measure("a", "en").speed,
            FaultKind.LINE_TOO_LONG: any(len(line) > profile.line for line in one.lines),
            FaultKind.TOO_MANY_LINES: len(one.lines) > profile.lines,
            FaultKind.TOO_SHORT: span_ms < profile.shortest_ms,
            FaultKind.TOO_LONG: span_ms > profile.longest_ms,
            FaultKind.GAP: index + 1 < len(made) and made[index + 1].start_ms - one.end_ms < profile.gap_ms,
        }
        assert {kind for kind, is_so in exceeded.items() if is_so} == {kind for at, kind in named if at == index}
    assert {kind for _, kind in named} <= {FaultKind.TOO_FAST}


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("We waited for the boat until dark, then we walked back home", "en", "We waited for the boat until dark,"),
        ("Nobody had told the people of the village about it", "en", "Nobody had told the people"),
        ("Niemand hatte den Leuten im Dorf davon etwas erzählt", "de", "Niemand hatte den Leuten"),
    ],
)
def test_lines_break_after_punctuation_and_before_prepositions(text: str, language: str, first: str) -> None:
    [one] = cues([spoken(text, each=300, language=language)])
    assert one.lines[0] == first


def test_no_line_and_no_cue_ends_with_an_article() -> None:
    text = "when you look at the old houses near the river you can see a mark of the water on the walls " * 6
    made = cues([spoken(text.strip())])
    assert not {"the", "a", "of", "at", "on"} & {line.split()[-1] for one in made for line in one.lines}


def test_a_cue_stays_as_long_as_it_takes_to_read_if_there_is_room() -> None:
    quick = spoken("Seventeen people came to see us yesterday", each=100)
    [one] = cues([quick])
    assert one.end_ms > (quick.end_ms or 0)
    assert faults([one], NETFLIX) == []


def test_frames_of_gap_are_between_cues() -> None:
    made = cues([spoken("The river rose all night and nobody slept. " * 8)])
    assert all(after.start_ms - one.end_ms >= 83 for one, after in itertools.pairwise(made))
    bbc = cues([spoken("The river rose all night and nobody slept. " * 8, each=250)], None, PROFILES["bbc"])
    assert any(after.start_ms == one.end_ms for one, after in itertools.pairwise(bbc))


def test_too_fast_is_named_with_its_arithmetic() -> None:
    slow = replace(NETFLIX, speed=17)
    [fault] = faults([cue("a" * 40 + "\n" + "b" * 24, 3_000)], slow)
    assert (fault.kind, fault.limit, fault.found, fault.more_ms, fault.fewer) == ("too_fast", 17, 21.3, 765, 13)
    assert fault.message == "The limit is 17. Give it 0.8 s more, or shorten it by 13 characters."


@pytest.mark.parametrize(
    ("one", "kind", "message"),
    [
        (cue("a" * 44, 6_000), "line_too_long", "The limit is 42 characters a line. Shorten the line by 2 characters."),
        (cue("Yes", 500), "too_short", "The shortest time is 0.9 s. Give it 0.4 s more."),
        (cue("Yes", 7_500), "too_long", "The longest time is 7.0 s. Split it."),
        (cue("a\nb\nc", 2_000), "too_many_lines", "The limit is 2 lines."),
    ],
)
def test_each_limit_is_named(one: Cue, kind: str, message: str) -> None:
    [fault] = faults([one], NETFLIX)
    assert (fault.kind, fault.message) == (kind, message)


def test_a_missing_gap_is_named() -> None:
    [fault] = faults([cue("Yes", 1_000), replace(cue("No", 3_000), start_ms=1_020)], NETFLIX)
    assert (fault.index, fault.kind, fault.more_ms) == (0, "gap", 63)


@pytest.mark.parametrize(
    ("language", "text", "line", "speed"),
    [
        ("ja", "昨日の夜に川の水が増えて誰も渡れなかったそうです。", 13, 4),
        ("ko", "어제밤에강물이불어서아무도건너지못했다고합니다", 16, 12),
        ("zh-TW", "昨天夜裡河水上漲所以沒有人能夠過河去看他們", 16, 9),
    ],
)
@pytest.mark.parametrize("is_told", [True, False])
def test_east_asian_scripts_have_their_own_widths(
    language: str, text: str, line: int, speed: float, is_told: bool
) -> None:
    segment = replace(spoken(text, separator="", each=300), language=language if is_told else None)
    measure = NETFLIX.measure(text, segment.language)
    assert (measure.line, measure.speed) == (line, speed)
    made = cues([segment])
    assert max(measure.length(part) for one in made for part in one.lines) <= line
    assert "".join(part for one in made for part in one.lines) == text
    assert {fault.kind for fault in faults(made, NETFLIX)} <= {FaultKind.TOO_FAST}


def test_narrow_letters_count_half_in_east_asian_text() -> None:
    assert NETFLIX.measure("昨日の川の水 ABC", "ja").length("川の水ABC") == 4.5
    assert NETFLIX.measure("Hello", "ja").line == 42


def test_other_languages_are_read_more_slowly_than_english() -> None:
    assert [NETFLIX.measure("a", tag).speed for tag in ("en-GB", "de", None)] == [20, 17, 20]
