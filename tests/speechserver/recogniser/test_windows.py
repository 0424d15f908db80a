"""How audio is cut for the model: every sample with a voice in it arrives once, in order.

The detector is stood in for by loudness, so that speech can be drawn as one likes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechserver.audio import RATE_HZ
from speechserver.recogniser import windows as room
from speechserver.recogniser.voice_activity import FRAME
from speechserver.recogniser.windows import LIVE, RECORDED, Limits, Window, Windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from speechserver.recogniser.voice_activity import Samples

MARGIN_S = 2 * FRAME / RATE_HZ


class Loudness:
    """Detects speech in each frame that isn't silent."""

    def __init__(self) -> None:
        self.rest = np.zeros(0, np.float32)

    def feed(self, samples: Samples) -> Samples:
        samples = np.concatenate([self.rest, samples])
        whole = len(samples) // FRAME * FRAME
        self.rest = samples[whole:]
        loudest: Samples = np.abs(samples[:whole].reshape(-1, FRAME)).max(axis=1)
        return loudest


@pytest.fixture(autouse=True)
def loudness() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "VoiceDetector", Loudness)
        yield


def drawn(spans: list[tuple[float, float]], seconds: float) -> Samples:
    """Audio in which each sample of speech has a value of its own, so that it can be found again."""
    samples = np.zeros(round(seconds * RATE_HZ), np.float32)
    for start, end in spans:
        part = slice(round(start * RATE_HZ), round(end * RATE_HZ))
        samples[part] = np.linspace(0.6, 1.0, samples[part].size, dtype=np.float32)
    return samples


def cut(samples: Samples, limits: Limits = RECORDED, piece: int = 7_001) -> list[Window]:
    windows = Windows(limits)
    found: list[Window] = []
    for at in range(0, len(samples), piece):
        found += windows.feed(samples[at : at + piece])
    return found + list(windows.finish())


def spans_of(found: list[Window]) -> list[tuple[float, float]]:
    return [(one.start_s, one.start_s + len(one.samples) / RATE_HZ) for one in found]


lengths = st.lists(st.tuples(st.floats(0.05, 20.0), st.floats(0.05, 5.0)), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(lengths, st.sampled_from([RECORDED, LIVE]), st.integers(300, 40_000))
def test_all_speech_arrives_once_in_order_in_windows_that_the_model_can_take(
    drawing: list[tuple[float, float]], limits: Limits, piece: int
) -> None:
    spans, now = [], 1.0
    for speech_s, pause_s in drawing:
        spans.append((now, now + speech_s))
        now += speech_s + pause_s
    samples = drawn(spans, now)
    found = cut(samples, limits, piece)
    places = spans_of(found)
    assert all(end - start <= limits.longest_s + 2 * room.PADDING_S for start, end in places)
    assert all(earlier[1] <= later[0] + 1e-6 for earlier, later in pairwise(places))
    again = np.zeros_like(samples)
    for one in found:
        at = round(one.start_s * RATE_HZ)
        again[at : at + len(one.samples)] = one.samples[: len(again) - at]
    assert np.array_equal(again, samples)


def test_silence_is_no_window() -> None:
    assert cut(drawn([], 90)) == []
    assert cut(drawn([], 0)) == []


def test_a_long_silence_separates_windows_and_is_in_neither() -> None:
    first, second = cut(drawn([(1, 4), (10, 12)], 14))
    assert spans_of([first])[0] == pytest.approx((0.6, 4.4), abs=MARGIN_S)
    assert spans_of([second])[0] == pytest.approx((9.6, 12.4), abs=MARGIN_S)
    assert first.speech_s == pytest.approx(3, abs=2 * MARGIN_S)


def test_a_long_window_is_cut_at_its_longest_pause() -> None:
    first, second = cut(drawn([(0, 13), (13.4, 20), (21, 26), (26.3, 35)], 36))
    assert first.speech[-1][1] == pytest.approx(20, abs=MARGIN_S)
    assert second.speech[0][0] == pytest.approx(21, abs=MARGIN_S)


def test_a_live_phrase_ends_after_a_short_pause() -> None:
    windows = Windows(LIVE)
    speech = drawn([(0.5, 2.0)], 2.5)
    assert list(windows.feed(speech)) == []
    pending = windows.pending()
    assert pending is not None
    assert pending[0] == pytest.approx(0.1, abs=MARGIN_S)
    [phrase] = windows.feed(np.zeros(RATE_HZ // 2, np.float32))
    assert phrase.speech[0] == pytest.approx((0.5, 2.0), abs=MARGIN_S)
    assert windows.pending() is None


def test_a_flush_yields_the_speech_until_now_and_times_continue() -> None:
    windows = Windows(LIVE)
    samples = drawn([(0.5, 4.0)], 5)
    assert list(windows.feed(samples[: 2 * RATE_HZ])) == []
    [first] = windows.flush()
    assert first.speech[0][1] == pytest.approx(2.0, abs=MARGIN_S)
    [second] = [*windows.feed(samples[2 * RATE_HZ :]), *windows.finish()]
    assert second.speech[0] == pytest.approx((2.0, 4.0), abs=MARGIN_S)


def test_a_window_is_halved_at_its_longest_pause_down_to_a_phrase() -> None:
    [window] = cut(drawn([(0, 3), (3.3, 6), (7, 9)], 10))
    first, second = whole(window.halves())
    assert [len(half.speech) for half in (first, second)] == [2, 1]
    assert second.start_s == pytest.approx(6.5, abs=MARGIN_S)
    assert np.array_equal(np.concatenate([first.samples, second.samples]), window.samples)
    assert second.halves() is None
    longer, shorter = whole(cut(drawn([(0, 9)], 10))[0].halves())
    assert longer.speech[0][1] == shorter.speech[0][0]


def whole(halves: tuple[Window, Window] | None) -> tuple[Window, Window]:
    assert halves is not None
    return halves


def test_windows_are_joined_with_the_silence_between_them() -> None:
    first, second = cut(drawn([(1, 3), (4, 6)], 7), LIVE)
    joined = first.joined(second)
    assert joined.speech == (*first.speech, *second.speech)
    at: Any = round((second.start_s - first.start_s) * RATE_HZ)
    assert np.array_equal(joined.samples[at:], second.samples)
    assert not joined.samples[len(first.samples) : at].any()
