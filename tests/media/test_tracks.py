"""Of several audio tracks, all that hold something are kept; none is dropped without a notice."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.support.audio import BEEP_EVERY_MS, beeps_in, ffmpeg, samples_of, write_beeps
from tests.support.corpus import corpus
from transcripts.media import prepare
from transcripts.media.tracks import Track, choose, title_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from transcripts.media.prepare import Prepared

HOUR_MS = 3_600_000


def track(number: int, **facts: object) -> Track:
    return Track(number, codec="aac", channels=1, sample_rate=48_000, **facts)  # type: ignore[arg-type]


def speech(seed: int, loudness: float = 1e6) -> list[float]:
    """Levels of a person who talks, in tenths of seconds."""
    chance = random.Random(seed)
    return [loudness * 10 ** chance.uniform(-2, 0) if chance.random() < 0.7 else 1.0 for _ in range(600)]


SILENCE = [0.0] * 600


def chosen(tracks: Sequence[Track], levels: Sequence[list[float]], wanted: Sequence[int] = ()) -> list[int]:
    choice = choose(tracks, levels, wanted, 24 * HOUR_MS, HOUR_MS)
    numbers = {one.number for one in choice.used} | choice.left_out.keys()
    assert numbers == {one.number for one in tracks}, "each is used or has a reason"
    return [one.number for one in choice.used]


def test_the_audible_one_is_transcribed() -> None:
    assert chosen([track(1, is_default=True), track(2)], [SILENCE, speech(1)]) == [2]


def test_different_voices_are_all_kept() -> None:
    assert chosen([track(1), track(2), track(3)], [speech(1), speech(2), speech(3)]) == [1, 2, 3]


def test_of_nothing_but_silence_the_default_is_transcribed() -> None:
    assert chosen([track(1), track(2, is_default=True)], [SILENCE, SILENCE]) == [2]


def test_the_same_audio_is_transcribed_once() -> None:
    mine = speech(1)
    softer = [level * 0.7 for level in mine]
    assert chosen([track(1), track(2, is_default=True)], [softer, mine]) == [2]


def test_a_mix_of_the_others_is_left_out() -> None:
    one, other = speech(1), speech(2)
    mixed = [sum(pair) for pair in zip(one, other, strict=True)]
    assert chosen([track(1), track(2), track(3)], [mixed, one, other]) == [2, 3]


def test_a_dub_in_another_language_is_left_out() -> None:
    tracks = [track(1, language="eng", is_default=True), track(2, language="spa"), track(3)]
    assert chosen(tracks, [speech(1), speech(2), speech(3)]) == [1, 3]


def test_what_a_person_chose_is_what_is_used() -> None:
    assert chosen([track(1), track(2)], [speech(1), SILENCE], wanted=[2]) == [2]
    assert chosen([track(1), track(2)], [speech(1), SILENCE], wanted=[7]) == [1]


def test_as_many_tracks_are_used_as_fit() -> None:
    tracks = [track(number) for number in range(1, 17)]
    choice = choose(tracks, [speech(number) for number in range(16)], [], 24 * HOUR_MS, 10 * HOUR_MS)
    assert len(choice.used) == 2
    assert set(choice.left_out.values()) == {"too_many"}


@pytest.mark.parametrize(
    ("tags", "title"),
    [
        ({"title": "Mic"}, "Mic"),
        ({"TITLE": " Desktop\x07 "}, "Desktop"),
        ({"handler_name": "SoundHandler"}, ""),
        ({"handler_name": "Core Media Audio"}, ""),
        ({"handler_name": "Zoom - Anna"}, "Zoom - Anna"),
        ({"title": "x" * 500}, "x" * 80),
        ({}, ""),
    ],
)
def test_a_title_is_what_a_person_called_the_track(tags: dict[str, str], title: str) -> None:
    assert title_of(tags) == title


def make(source: Path, folder: Path, **options: list[int]) -> Prepared:
    return prepare.prepare(source, folder, lambda share: None, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two tracks that are loud at different times, the second for longer, and a silent third."""
    folder = tmp_path_factory.mktemp("tracks")
    write_beeps(folder / "one.wav", count=3)
    ffmpeg("-i", folder / "one.wav", "-af", "adelay=1000:all=1", folder / "other.wav")
    inputs = ("-i", folder / "one.wav", "-i", folder / "other.wav", "-f", "lavfi", "-i", "anullsrc=d=6")
    titles = ("-metadata:s:a:0", "title=Desktop", "-metadata:s:a:1", "title=Mic")
    ffmpeg(*inputs, "-map", "0", "-map", "1", "-map", "2", "-c:a", "aac", *titles, folder / "two.mkv")
    return folder / "two.mkv"


def test_tracks_are_laid_one_after_the_other_for_the_provider(two: Path, tmp_path: Path) -> None:
    made = make(two, tmp_path)
    assert [span.label for span in made.layout] == ["Desktop", "Mic"]
    first, second = made.layout
    assert second.start_ms >= first.end_ms + 1000
    expected = [number * BEEP_EVERY_MS for number in range(3)]
    expected += [second.start_ms + 1000 + at for at in expected]
    assert beeps_in(made.audio) == pytest.approx(expected, abs=50)
    assert made.duration_ms == pytest.approx(7000, abs=50)


def test_progress_runs_once_to_its_end_through_all_passes(two: Path, tmp_path: Path) -> None:
    shares: list[float | None] = []
    prepare.prepare(two, tmp_path, shares.append)
    told = [share for share in shares if share is not None]
    assert told[-1] == 1.0
    assert all(later >= earlier for earlier, later in pairwise(told))


def test_the_player_plays_all_of_them_at_once(two: Path, tmp_path: Path) -> None:
    made = make(two, tmp_path)
    assert made.playback is not None
    assert beeps_in(made.playback) == pytest.approx([0, 1000, 2000, 3000, 4000, 5000], abs=50)


def test_what_is_left_out_is_said(two: Path, tmp_path: Path) -> None:
    [notice] = make(two, tmp_path).notices
    assert notice == {
        "code": "tracks_left_out",
        "values": {"kept": ["Desktop", "Mic"], "left_out": ["Track 3"], "why": "silent"},
    }


def test_a_person_can_choose_one(two: Path, tmp_path: Path) -> None:
    made = make(two, tmp_path, wanted=[2])
    assert [one["is_used"] for one in made.tracks] == [False, True, False]
    assert made.playback is not None
    for file in (made.audio, made.playback):
        assert beeps_in(file) == pytest.approx([1000, 3000, 5000], abs=50)


@pytest.mark.parametrize(
    "filters",
    [
        "pan=stereo|c0=c0|c1=-1*c0",
        "pan=stereo|c0=c0|c1=-0.8*c0",
        "pan=4.0|c0=c0|c1=-1*c0|c2=0*c0|c3=0*c0",
        "aeval='val(0)|if(gt(mod(t,6),3),-1,1)*val(0)':c=stereo",
    ],
)
def test_channels_that_cancel_are_combined_in_another_way(tmp_path: Path, filters: str) -> None:
    write_beeps(tmp_path / "mono.wav", count=6)
    ffmpeg("-i", tmp_path / "mono.wav", "-af", filters, tmp_path / "a.wav")
    made = make(tmp_path / "a.wav", tmp_path)
    assert beeps_in(made.audio) == pytest.approx([number * BEEP_EVERY_MS for number in range(6)], abs=50)
    assert [notice["code"] for notice in made.notices] == ["channels_cancel"]


@pytest.mark.parametrize(
    "filters",
    [
        "pan=stereo|c0=c0|c1=c0",
        "pan=stereo|c0=c0|c1=0*c0",
        "pan=5.1|c0=0*c0|c1=0*c0|c2=c0|c3=0*c0|c4=0*c0|c5=0*c0",
        "pan=8c|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0|c6=c0|c7=c0",
    ],
)
def test_channels_that_do_not_cancel_are_mixed_as_ever(tmp_path: Path, filters: str) -> None:
    write_beeps(tmp_path / "mono.wav", count=6)
    ffmpeg("-i", tmp_path / "mono.wav", "-af", filters, tmp_path / "a.wav")
    made = make(tmp_path / "a.wav", tmp_path)
    assert len(beeps_in(made.audio)) == 6
    assert made.notices == []


@pytest.mark.corpus
def test_the_found_file_whose_channels_cancel_has_its_words(tmp_path: Path) -> None:
    made = make(corpus() / "found" / "media" / "c_antiphase_stereo.m4a", tmp_path)
    assert max(samples_of(made.audio)) > 3000


@pytest.mark.corpus
def test_the_found_file_with_a_silent_first_track_has_the_second(tmp_path: Path) -> None:
    made = make(corpus() / "found" / "media" / "d_silent_first_default_second.mkv", tmp_path)
    assert [one["is_used"] for one in made.tracks] == [False, True]
    assert max(samples_of(made.audio)) > 3000


@pytest.mark.corpus
def test_the_found_file_with_two_speakers_has_both(tmp_path: Path) -> None:
    made = make(corpus() / "found" / "media" / "d_obs_two_speakers_two_tracks.mkv", tmp_path)
    assert [span.label for span in made.layout] == ["Desktop", "Mic"]
