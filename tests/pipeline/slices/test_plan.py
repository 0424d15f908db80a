"""Where recordings are cut: everything spoken is sent, within the limits, in order, and no word is cut in a silence."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from transcripts.media.slices import WINDOW_MS
from transcripts.services.pipeline.slices import plan

LOUD, QUIET = 1e6, 0.0
# Stretches of speech and silence in turn, in windows of a tenth of a second
STRETCHES = st.lists(st.integers(1, 600), min_size=1, max_size=60)
MOST_MS = st.integers(15_000, 120_000)


def levels_of(stretches: list[int]) -> list[float]:
    return [level for number, size in enumerate(stretches) for level in [(LOUD, QUIET)[number % 2]] * size]


@given(STRETCHES, MOST_MS)
def test_slices_have_all_speech_within_the_limit_and_in_order(stretches: list[int], most_ms: int) -> None:
    levels = levels_of(stretches)
    length_ms = len(levels) * WINDOW_MS
    made = plan.slices(plan.silences(levels, length_ms), length_ms, most_ms)
    assert all(0 <= one.start_ms < one.end_ms <= length_ms for one in made)
    assert all(one.end_ms - one.start_ms <= most_ms for one in made)
    spoken = [at * WINDOW_MS for at, level in enumerate(levels) if level == LOUD]
    assert all(any(one.start_ms <= ms and ms + WINDOW_MS <= one.end_ms for one in made) for ms in _whole(spoken, made))
    for before, after in itertools.pairwise(made):
        begins_ms = before.end_ms - after.overlap_ms
        assert after.start_ms == begins_ms if after.overlap_ms else after.start_ms >= begins_ms
        assert after.end_ms > before.end_ms


def _whole(spoken: list[int], made: list[plan.Slice]) -> list[int]:
    """The windows that no hard cut goes through."""
    hard = [after.start_ms for after in made if after.overlap_ms] + [
        before.end_ms for before, after in itertools.pairwise(made) if after.overlap_ms
    ]
    return [ms for ms in spoken if not any(ms < cut < ms + WINDOW_MS for cut in hard)]


@given(STRETCHES, MOST_MS)
def test_slices_overlap_only_where_no_silence_was_found(stretches: list[int], most_ms: int) -> None:
    levels = levels_of(stretches)
    length_ms = len(levels) * WINDOW_MS
    found = plan.silences(levels, length_ms)
    made = plan.slices(found, length_ms, most_ms)
    for before, after in itertools.pairwise(made):
        third = (before.end_ms - most_ms // 3, before.end_ms)
        has_silence = any(third[0] < one.middle_ms <= third[1] for one in found)
        assert not (after.overlap_ms and has_silence)
        if not after.overlap_ms:
            assert any(one.start_ms <= before.end_ms <= one.end_ms for one in found)


def test_a_long_silence_at_an_edge_is_not_sent() -> None:
    levels = levels_of([400, 600, 400])
    made = plan.slices(plan.silences(levels, 140_000), 140_000, 90_000)
    assert [(one.start_ms, one.end_ms) for one in made] == [(0, 40_500), (99_500, 140_000)]


def test_silence_of_a_noisy_room_is_found() -> None:
    levels = [2e6] * 300 + [900.0] * 20 + [2e6] * 300
    assert plan.silences(levels, 62_000) == [plan.Silence(30_000, 32_000)]


def test_without_silence_slices_overlap() -> None:
    made = plan.slices([], 25_000, 10_000)
    assert made == [
        plan.Slice(0, 10_000),
        plan.Slice(6_000, 16_000, 4_000),
        plan.Slice(12_000, 22_000, 4_000),
        plan.Slice(18_000, 25_000, 4_000),
    ]
