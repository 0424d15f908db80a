"""Outputs in threads of their own do what they are told in order, and tell what went wrong."""

from __future__ import annotations

import threading

import pytest

from transcripts.media.lanes import MOST_WAITING, Lane


def test_everything_is_done_in_order_before_a_lane_finishes() -> None:
    lane, done = Lane(), list[int]()
    for number in range(10 * MOST_WAITING):
        lane.do(done.append, number)
    lane.finish()
    assert done == list(range(10 * MOST_WAITING))


def test_what_went_wrong_is_raised_and_nothing_is_done_after_it() -> None:
    lane, done = Lane(), list[str]()
    lane.do(int, "no number")
    with pytest.raises(ValueError, match="no number"):
        for _ in range(10 * MOST_WAITING):  # it doesn't wait for room that no one makes
            lane.do(done.append, "after")
        lane.finish()
    lane.stop()
    assert done == []


def test_a_lane_that_is_stopped_drops_what_waits() -> None:
    lane, begun, free, done = Lane(), threading.Event(), threading.Event(), list[str]()
    lane.do(begun.set)
    lane.do(free.wait)
    lane.do(done.append, "dropped")
    begun.wait()
    stopping = threading.Thread(target=lane.stop)
    stopping.start()
    while not isinstance(lane._failure, InterruptedError):
        pass
    free.set()
    stopping.join()
    assert done == []
