"""From the voices of a recording to its turns: how many speakers there are, and who talks when."""

from __future__ import annotations

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechserver.speakers import Turn, Voices, clusters
from speechserver.speakers.encoder import SIZE
from speechserver.speakers.linkage import average_linkage
from speechserver.speakers.smoothing import smooth
from tests.support.speech_server.speakers import Speakers, Told, harmonics, recorded


def _speakers(turns: list[Turn]) -> list[int]:
    return [turn.speaker for turn in turns]


@pytest.mark.parametrize("windows", [1, 2, 5, 20, 200])
def test_one_voice_is_not_separated(windows: int) -> None:
    assert recorded(Speakers(1), [(0, windows)]).turns() == []


@pytest.mark.parametrize("count", [2, 3, 5])
def test_as_many_speakers_are_found_as_talk(count: int) -> None:
    order = [*range(count), *range(count)]
    turns = recorded(Speakers(count), [(speaker, 12) for speaker in order]).turns()
    assert _speakers(turns) == [speaker + 1 for speaker in order]


def test_speakers_are_numbered_as_they_appear() -> None:
    turns = recorded(Speakers(3), [(2, 10), (0, 10), (2, 10), (1, 10)]).turns()
    assert _speakers(turns) == [1, 2, 1, 3]


def test_turns_follow_each_other_and_hold_all_speech() -> None:
    voices = recorded(Speakers(2), [(0, 10), (1, 10), (0, 10)])
    turns = voices.turns()
    times = [second for turn in turns for second in (turn.start_s, turn.end_s)]
    assert times == pytest.approx([0.0, 6.1, 6.4, 12.5, 12.8, 18.9])


def test_a_change_within_a_span_is_between_the_windows_of_the_two() -> None:
    speakers = Speakers(2)
    bounds = np.array([(0.5 * at, 0.5 * at + 1.6) for at in range(40)])
    voices = Voices(Told())
    voices.hold([(0.0, 21.1)], bounds, np.concatenate([speakers.say(0, 20), speakers.say(1, 20)]))
    first, second = voices.turns()
    assert first.end_s == second.start_s == pytest.approx(10.55, abs=0.3)


def test_voices_nearly_alike_are_taken_for_one() -> None:
    """A second speaker who isn't there is worse than one who is missed."""
    assert recorded(Speakers(2, alike=0.95), [(0, 20), (1, 20)]).turns() == []


def test_the_less_there_is_of_a_voice_the_more_it_must_differ() -> None:
    assert recorded(Speakers(2, alike=0.8), [(0, 40), (1, 4)]).turns() == []
    assert _speakers(recorded(Speakers(2, alike=0.8), [(0, 40), (1, 20)]).turns()) == [1, 2]
    assert _speakers(recorded(Speakers(2, alike=0.5), [(0, 40), (1, 4)]).turns()) == [1, 2]


def test_a_cough_is_not_a_speaker() -> None:
    turns = [(0, 30), (1, 1), (0, 30)]
    assert recorded(Speakers(2), turns).turns() == []


@pytest.mark.parametrize("expected", [2, 3, 4])
def test_an_expected_number_is_honoured(expected: int) -> None:
    for order in ([(0, 30)], [(0, 10), (1, 10)], [(number, 8) for number in range(4)]):
        turns = recorded(Speakers(4), order).turns(expected)
        assert len(set(_speakers(turns))) == expected


def test_an_expected_number_is_honoured_as_far_as_there_is_speech() -> None:
    voices = recorded(Speakers(1), [(0, 1), (0, 1), (0, 1)])
    assert len(set(_speakers(voices.turns(20)))) == 3
    assert recorded(Speakers(1), [(0, 1)]).turns(2) == []


def test_one_expected_speaker_is_not_separated() -> None:
    assert recorded(Speakers(2), [(0, 20), (1, 20)]).turns(1) == []


def test_nothing_and_silence_have_no_speakers() -> None:
    voices = Voices()
    assert voices.turns() == voices.turns(3) == []
    voices.add(np.zeros(16_000, np.float32), 0.0, [])
    assert voices.turns() == []


def test_pieces_are_placed_where_they_begin() -> None:
    voices = Voices()
    for piece in range(6):
        at = 30.0 * piece
        voices.add(harmonics(110 if piece % 2 else 260, 6.0), at, [(at + 0.5, at + 5.5)])
    turns = voices.turns(2)
    assert [(turn.start_s, turn.end_s) for turn in turns] == [(30.0 * at + 0.5, 30.0 * at + 5.5) for at in range(6)]
    assert _speakers(turns) == [1, 2, 1, 2, 1, 2]


def test_eight_hours_are_clustered_by_a_sample_in_little_memory() -> None:
    voices = recorded(Speakers(3), [(number % 3, 64) for number in range(900)])
    tracemalloc.start()
    try:
        turns = voices.turns()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert turns[-1].end_s > 8 * 3600
    assert set(_speakers(turns)) == {1, 2, 3}
    assert all(earlier.end_s <= later.start_s for earlier, later in itertools.pairwise(turns))
    assert len(turns) == 900
    # The units of eight hours weigh 30 MB; working on them must not take several times that.
    assert peak < 64 * 1024**2


def test_units_that_are_compared_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def counted(points: np.ndarray, *args: object, **more: object) -> object:
        compared.append(len(points))
        return average_linkage(points, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(clusters, "average_linkage", counted)
    recorded(Speakers(1), [(0, 5000)]).turns()
    assert compared == [clusters.SAMPLE]


@settings(deadline=None)
@given(
    units=st.integers(0, 40),
    expected=st.none() | st.integers(1, 20),
    silent=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_whatever_the_units_an_expected_number_is_honoured(
    units: int, expected: int | None, silent: bool, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    points = np.maximum(0.0, chance.standard_normal((units, SIZE))).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    if silent:
        points[::2] = 0.0
    starts = np.cumsum(chance.uniform(0.3, 2.0, units))
    ends = starts + chance.uniform(0.3, 1.6, units)
    voices = Voices(Told())
    voices.hold(list(zip(starts.tolist(), ends.tolist(), strict=True)), np.stack([starts, ends], axis=1), points)
    turns = voices.turns(expected)
    speakers = set(_speakers(turns))
    if expected:
        assert len(speakers) == (min(expected, units) if min(expected, units) > 1 else 0)
    assert speakers == set(range(1, len(speakers) + 1))


def test_average_linkage_merges_the_most_similar_first() -> None:
    points = np.array([[1, 0, 0], [0.98, 0.2, 0], [0, 1, 0], [0, 0.96, 0.28], [0, 0, 1]], np.float32)
    weights = points[:, 0] * 0 + 1
    assert average_linkage(points, weights, least=0.9, clusters=1).tolist() == [0, 0, 1, 1, 2]
    assert average_linkage(points, weights, least=-1.0, clusters=2).tolist() == [0, 0, 1, 1, 1]
    assert average_linkage(points, weights, least=-1.0, clusters=5).tolist() == [0, 1, 2, 3, 4]


def test_one_window_that_sounds_like_another_speaker_does_not_change_the_speaker() -> None:
    similarity = np.array([[0.8, 0.5]] * 4 + [[0.6, 0.7]] + [[0.8, 0.5]] * 4, np.float32)
    bounds = np.array([(0.5 * at, 0.5 * at + 1.6) for at in range(9)])
    assert smooth(similarity, np.ones(9, np.float32), bounds).tolist() == [0] * 9
