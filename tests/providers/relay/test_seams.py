"""Where connections meet: times become the session's, and what was final stays said once."""

from __future__ import annotations

from dataclasses import replace

from transcripts.document import Segment, Timing, Word
from transcripts.providers.live import Final, Partial, Speech
from transcripts.providers.relay.seam import Seam, after


def word(text: str, start_ms: int, end_ms: int) -> Word:
    return Word(text, start_ms, end_ms, timing=Timing.MEASURED)


def segment(*words: Word) -> Segment:
    text = " ".join(each.text for each in words)
    return Segment(text, words[0].start_ms, words[-1].end_ms, "S1", words)


def seam(*, start_ms: int = 4_000, final_ms: int = 5_000) -> Seam:
    return Seam(number=2, start_ms=start_ms, final_ms=final_ms)


def test_a_final_across_the_seam_keeps_only_what_is_new() -> None:
    heard = segment(word("old", 500, 1_010), word("new", 1_005, 1_600), word("newer", 1_600, 2_000))
    [told] = seam().carry(Final("0", replace(heard, language="en")), sent_ms=9_000)
    assert told == Final("2.0", replace(segment(word("new", 5_005, 5_600), word("newer", 5_600, 6_000)), language="en"))


def test_a_final_of_old_words_only_takes_back_its_partial() -> None:
    joint = seam()
    joint.carry(Partial("0", "old"), sent_ms=9_000)
    assert joint.carry(Final("0", segment(word("old", 0, 900))), sent_ms=9_000) == (Partial("2.0", ""),)
    assert joint.open_keys == set()
    assert joint.carry(Final("1", Segment("."), is_tail=True), sent_ms=9_000) == ()


def test_punctuation_after_a_new_final_is_told() -> None:
    joint = seam()
    joint.carry(Final("0", segment(word("new", 1_100, 1_600))), sent_ms=9_000)
    [told] = joint.carry(Final("1", Segment("."), is_tail=True), sent_ms=9_000)
    assert isinstance(told, Final)
    assert told.segment.text == "."


def test_finals_without_times_follow_one_another() -> None:
    joint = seam()
    [first] = joint.carry(Final("0", Segment("Hello")), sent_ms=9_000)
    [second] = joint.carry(Final("1", Segment("you")), sent_ms=9_500)
    assert isinstance(first, Final)
    assert isinstance(second, Final)
    assert (first.segment.start_ms, first.segment.end_ms) == (5_000, 8_000)
    assert (second.segment.start_ms, second.segment.end_ms) == (8_000, 8_500)


def test_a_script_without_spaces_gets_none() -> None:
    heard = Segment("你好吗", 0, 900, None, (word("你", 0, 300), word("好", 300, 600), word("吗", 600, 900)))
    left = after(heard, 300)
    assert left is not None
    assert (left.text, left.start_ms) == ("好吗", 300)


def test_speech_is_told_in_the_sessions_time() -> None:
    assert seam().carry(Speech(is_heard=True, at_ms=200), sent_ms=0) == (Speech(is_heard=True, at_ms=4_200),)
    assert seam().carry(Speech(is_heard=False), sent_ms=0) == (Speech(is_heard=False),)


def test_an_empty_partial_is_told_only_where_there_is_something_to_take_back() -> None:
    joint = seam()
    assert joint.carry(Partial("0", ""), sent_ms=0) == ()
    assert joint.carry(Partial("0", "a"), sent_ms=0) == (Partial("2.0", "a"),)
    assert joint.carry(Partial("0", ""), sent_ms=0) == (Partial("2.0", ""),)
