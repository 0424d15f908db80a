"""Provisional words are kept until final ones take their place, over connections that break."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.live.conftest import frame
from transcripts.document import Segment as Spoken
from transcripts.models import LiveSession, Segment
from transcripts.services.live import audio, final_words, leases, lifecycle
from transcripts.services.live.provisional import Provisional, ProvisionalWords
from transcripts.services.transcript import changes

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline


def test_a_later_text_replaces_the_one_before_it_and_a_final_ends_it() -> None:
    seeming = ProvisionalWords()
    seeming.replace("1", "hold", 500)
    seeming.replace("1", "hold  the page", 900)
    seeming.replace("2", "why", 1_000)
    assert seeming.take() == Provisional("hold the page why", 1_000)
    assert seeming.take() is None
    seeming.replace("1", "hold", 500)
    seeming.settle("1", 700)
    assert seeming.take() is None


def test_what_the_provider_withdraws_is_gone_and_what_a_break_cuts_off_is_not() -> None:
    seeming = ProvisionalWords()
    seeming.replace("1", "noise", 500)
    seeming.replace("1", "", 600)
    assert seeming.take() is None
    seeming.replace("1", "hold the page", 900)
    seeming.interrupt("1")
    assert seeming.take() == Provisional("hold the page", 900)


def test_what_a_later_connection_was_sent_again_is_taken_from_there() -> None:
    seeming = ProvisionalWords()
    seeming.replace("1", "hold the page", 900)
    seeming.interrupt("1")
    seeming.replace("2", "hold", 400)
    seeming.settle("2", 500)
    assert seeming.take() == Provisional("hold the page", 900)
    seeming.replace("1", "hold the page", 900)
    seeming.interrupt("1")
    seeming.replace("2", "hold this page", 950)
    assert seeming.take() == Provisional("hold this page", 950)


def test_a_browser_that_dies_over_grey_words_leaves_them_as_text(session: LiveSession) -> None:
    """Its room closes without the last words, and the silence rule ends the session later."""
    writer = audio.Writer(session)
    for number in range(40):
        writer.write(number, frame(number))
    final_words.append(session, Spoken("Hold the page.", 0, 1_000))
    final_words.note_provisional(session, Provisional("and why", 2_500))
    lifecycle.finish(session, because="away")
    row = Segment.objects.get(text="and why")
    assert (row.start_ms, row.end_ms, row.is_unconfirmed) == (1_000, 2_500, True)
    assert changes.described(row)["unconfirmed"]
    ended = LiveSession.objects.get()
    assert (ended.unconfirmed, ended.gaps, ended.is_whole) == ([[1_000, 2_500]], [[2_500, 4_000]], False)


def test_words_that_came_later_after_all_are_not_doubled(session: LiveSession) -> None:
    final_words.note_provisional(session, Provisional("and why", 2_500))
    newer = leases.take(session)
    final_words.append(newer, Spoken("And why?", 1_000, 2_600))
    lifecycle.finish(newer, by_its_holder=True)
    assert list(Segment.objects.values_list("text", flat=True)) == ["And why?"]


def test_a_session_with_unconfirmed_words_is_transcribed_afterwards(session: LiveSession, pipeline: Pipeline) -> None:
    writer = audio.Writer(session)
    for number in range(20):
        writer.write(number, frame(number))
    final_words.append_provisional(session, Provisional("hold", 2_000), end_ms=2_000)
    assert lifecycle.finish(session, is_whole=True, by_its_holder=True)
    pipeline.until_idle()
    assert session.recording.transcripts.count() == 2


def test_a_persons_words_are_never_unconfirmed(session: LiveSession) -> None:
    written = final_words.append_provisional(session, Provisional("hold", 2_000), end_ms=2_000)
    assert written
    row, _ = written
    row.origin = "human"
    assert not row.is_unconfirmed
