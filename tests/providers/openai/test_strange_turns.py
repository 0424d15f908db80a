"""Turns of OpenAI's live socket that come late, end without words, or at no time."""

from __future__ import annotations

from tests.providers.live_contract import codec
from tests.providers.openai.test_live import ITEM, completed, delta, said, started
from transcripts.document import Segment
from transcripts.providers.live import Final, Speech


def test_what_comes_late_for_a_turn_holds_back_no_other() -> None:
    made = codec("openai")
    assert said(made, completed("b", "one"))[-1:] == [Final("b", Segment("one", 0, 0))]
    late = said(made, delta("b", "two"), completed("c", "two"))
    assert [event.key for event in late if isinstance(event, Final)] == ["c"]


def test_an_end_without_a_transcript_keeps_what_was_said() -> None:
    made = codec("openai")
    ended = {"type": f"{ITEM}.completed", "item_id": "b", "content_index": 0}
    [final] = [event for event in said(made, delta("b", "one"), ended) if isinstance(event, Final)]
    assert final.segment.text == "one"


def test_a_time_that_nothing_can_hold_is_none() -> None:
    assert said(codec("openai"), started("b", 10**30)) == [Speech(is_heard=True, at_ms=None)]
