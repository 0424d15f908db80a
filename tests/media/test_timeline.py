"""Audio is placed by its presentation time: what players show is when words were said."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.support.audio import BEEP_EVERY_MS, beeps_in, ffmpeg, samples_of, write_beeps
from tests.support.corpus import corpus
from transcripts.media import prepare
from transcripts.media.decoder.timeline import JUMP_S, Piece, Timeline

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.media.prepare import Prepared

FRAME_S = 0.02
# The eye and the ear can't tell less apart
CLOSE_MS = 50


def placed(
    times: list[float | None], *, limit_s: float = 1e6, quiet: bool = False
) -> tuple[list[Piece[int]], Timeline[int]]:
    """Frames of 20 ms, numbered, at these times."""
    timeline: Timeline[int] = Timeline(limit_s, lambda frame: quiet)
    pieces = [piece for number, at in enumerate(times) for piece in timeline.place(number, at, FRAME_S)]
    return pieces + timeline.finish(), timeline


def steady(count: int, start_s: float = 0.0) -> list[float | None]:
    return [start_s + number * FRAME_S for number in range(count)]


def starts(pieces: list[Piece[int]]) -> list[float]:
    return [round(piece.at_s, 6) for piece in pieces]


def test_steady_audio_is_placed_as_it_comes() -> None:
    pieces, _ = placed(steady(50))
    assert starts(pieces) == [round(at or 0, 6) for at in steady(50)]
    assert all(piece.gap_s == 0 for piece in pieces)


def test_times_that_containers_round_make_no_gaps() -> None:
    pieces, _ = placed([round(at or 0, 3) + random.Random(1).choice((-0.001, 0, 0.001)) for at in steady(500)])
    assert all(piece.gap_s == 0 for piece in pieces)


@pytest.mark.parametrize("gap_s", [0.1, 1.0, JUMP_S + 1, 600.0])
def test_a_gap_becomes_silence(gap_s: float) -> None:
    pieces, timeline = placed([*steady(50), *steady(50, 1.0 + gap_s)])
    assert starts(pieces)[50] == pytest.approx(1.0 + gap_s)
    assert timeline.restarts == 0


@pytest.mark.parametrize("late_s", [0.3, 4.0, 90.0])
def test_a_late_start_becomes_silence(late_s: float) -> None:
    pieces, _ = placed(steady(50, late_s))
    assert (pieces[0].at_s, pieces[0].gap_s) == (late_s, late_s)


@pytest.mark.parametrize("slip_s", [5.0, 40_000.0, -3.0])
@pytest.mark.parametrize("frames", [1, 2])
def test_a_clock_that_slips_for_a_moment_is_not_followed(slip_s: float, frames: int) -> None:
    times = steady(100, 10.0)
    for number in range(50, 50 + frames):
        times[number] = (times[number] or 0) + slip_s
    pieces, _ = placed(times)
    assert [piece.sound for piece in pieces] == list(range(100))
    assert pieces[-1].at_s == pytest.approx(10.0 + 99 * FRAME_S, abs=0.1)


def test_a_clock_that_starts_again_continues_where_it_was() -> None:
    pieces, timeline = placed([*steady(100), *steady(100), *steady(100, 40.0)])
    assert [piece.sound for piece in pieces] == list(range(300))
    assert starts(pieces)[100] == pytest.approx(2.0)
    assert timeline.restarts == 1


def test_a_jump_past_what_the_file_claims_is_closed_up_and_counted() -> None:
    pieces, timeline = placed([*steady(50), *steady(50, 9_000.0)], limit_s=60.0)
    assert starts(pieces)[50] == pytest.approx(1.0)
    assert timeline.closed_s == pytest.approx(8_999.0)


def test_a_little_audio_cannot_claim_hours_of_silence() -> None:
    _, timeline = placed([*steady(50), *steady(50, 20 * 3600.0)])
    assert timeline.position_s < 3700


def test_audio_without_times_follows_what_was_before() -> None:
    pieces, _ = placed([*steady(10, 1.0), None, None, *steady(10, 1.24)])
    assert starts(pieces)[10:12] == [1.2, 1.22]


def test_audio_that_is_behind_is_caught_up_with_in_silence_and_never_in_words() -> None:
    behind = [at - 0.2 if number >= 50 and at else at for number, at in enumerate(steady(100))]
    words, _ = placed(behind)
    assert [piece.sound for piece in words] == list(range(100))
    quiet, timeline = placed(behind, quiet=True)
    assert len(quiet) < 100
    assert timeline.position_s == pytest.approx(2.0 - 0.2, abs=0.05)


def test_no_audio_is_lost_and_time_never_runs_back_whatever_the_clock_does() -> None:
    for seed in range(300):
        chance = random.Random(seed)
        times: list[float | None] = []
        now = 0.0
        for _ in range(chance.randrange(1, 60)):
            now += FRAME_S
            kind = chance.random()
            now += chance.choice((-5.0, -0.3, -0.06, 0.06, 0.5, 5.0, 5e5)) if kind < 0.1 else 0.0
            times.append(None if 0.1 < kind < 0.2 else now)
        pieces, timeline = placed(times, limit_s=100.0)
        assert [piece.sound for piece in pieces] == list(range(len(times)))
        assert all(one.at_s + FRAME_S <= other.at_s + 1e-9 for one, other in pairwise(pieces))
        assert timeline.position_s <= 100.0 + len(times) * FRAME_S


def make(source: Path, folder: Path) -> Prepared:
    return prepare.prepare(source, folder, lambda share: None)


def assert_beeps(made: Prepared, expected_ms: list[int]) -> None:
    """The provider's audio and the copy that browsers play have their beeps at these times."""
    for file in filter(None, (made.audio, made.playback)):
        assert beeps_in(file) == pytest.approx(expected_ms, abs=CLOSE_MS)


BEEPS_MS = [0, BEEP_EVERY_MS, 2 * BEEP_EVERY_MS, 3 * BEEP_EVERY_MS]


@pytest.fixture(scope="module")
def beeps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_beeps(tmp_path_factory.mktemp("beeps") / "beeps.wav", count=4)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp4", ("-c:v", "mpeg4", "-c:a", "aac")),
        ("a.mkv", ("-c:v", "mpeg4", "-c:a", "aac")),
        ("a.flv", ("-c:v", "flv", "-c:a", "aac")),
        ("a.ts", ("-c:v", "mpeg2video", "-c:a", "mp2")),
        ("a.webm", ("-c:v", "libvpx", "-c:a", "libopus")),
    ],
)
def test_audio_that_starts_after_the_picture_is_late(
    beeps: Path, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    picture = ("-f", "lavfi", "-i", "color=red:s=32x32:r=10:d=12")
    ffmpeg(*picture, "-itsoffset", "3", "-i", beeps, "-map", "0:v", "-map", "1:a", *options, tmp_path / name)
    made = make(tmp_path / name, tmp_path)
    assert_beeps(made, [3000 + at for at in BEEPS_MS])
    assert made.notices == []


def test_a_cut_without_encoding_keeps_its_times(beeps: Path, tmp_path: Path) -> None:
    ffmpeg("-i", beeps, "-c:a", "aac", tmp_path / "whole.m4a")
    ffmpeg("-ss", "3.3", "-i", tmp_path / "whole.m4a", "-c", "copy", tmp_path / "cut.m4a")
    assert_beeps(make(tmp_path / "cut.m4a", tmp_path), [700, 2700])


def test_a_gap_in_the_middle_stays(beeps: Path, tmp_path: Path) -> None:
    for name in ("a.webm", "a.mkv"):
        ffmpeg("-i", beeps, "-af", "asetpts='if(gte(T,3),PTS+10/TB,PTS)'", "-c:a", "libopus", tmp_path / name)
        assert_beeps(make(tmp_path / name, tmp_path), [0, 2000, 14_000, 16_000])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.ogg", ("-c:a", "libvorbis")),
        ("a.opus", ("-c:a", "libopus")),
        ("a.webm", ("-c:a", "libopus")),
        ("a.m4a", ("-c:a", "aac")),
        ("a.aac", ("-c:a", "aac")),
        ("a.mp3", ("-c:a", "libmp3lame")),
        ("a.flac", ("-c:a", "flac")),
        ("a.ts", ("-c:a", "mp2")),
        ("a.wav", ()),
    ],
)
def test_files_that_were_joined_byte_by_byte_are_read_to_their_end(
    beeps: Path, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    ffmpeg("-i", beeps, *options, tmp_path / name)
    joined = tmp_path / f"joined{tmp_path.joinpath(name).suffix}"
    joined.write_bytes((tmp_path / name).read_bytes() * 2)
    assert_beeps(make(joined, tmp_path), [*BEEPS_MS, *(4 * BEEP_EVERY_MS + at for at in BEEPS_MS)])


@pytest.mark.parametrize("codec", ["libopus", "libvorbis"])
def test_links_of_a_chain_may_have_other_channels(beeps: Path, tmp_path: Path, codec: str) -> None:
    for channels in ("1", "2"):
        ffmpeg("-i", beeps, "-ac", channels, "-c:a", codec, tmp_path / f"{channels}.ogg")
    one, two = ((tmp_path / f"{channels}.ogg").read_bytes() for channels in ("1", "2"))
    (tmp_path / "chain.ogg").write_bytes(one + two + one)
    made = make(tmp_path / "chain.ogg", tmp_path)
    assert_beeps(made, [link * 4 * BEEP_EVERY_MS + at for link in range(3) for at in BEEPS_MS])
    assert made.playback is not None, "browsers play the first link alone"


def test_aac_may_change_its_channels_and_rate(beeps: Path, tmp_path: Path) -> None:
    for name, channels, rate in (("1", "1", "44100"), ("2", "2", "44100"), ("3", "2", "22050")):
        ffmpeg("-i", beeps, "-ac", channels, "-ar", rate, "-c:a", "aac", tmp_path / f"{name}.aac")
    joined = tmp_path / "joined.aac"
    joined.write_bytes(b"".join((tmp_path / f"{name}.aac").read_bytes() for name in "123"))
    assert len(beeps_in(make(joined, tmp_path).audio)) == 12


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "silent_ms"),
    [("a_audio_starts_late.mp4", (0, 4_000)), ("b_gap_10s.webm", (11_500, 20_500))],
)
def test_found_files_have_the_times_of_their_player(tmp_path: Path, name: str, silent_ms: tuple[int, int]) -> None:
    made = make(corpus() / "found" / "media" / name, tmp_path)
    loud = loud_ms(made.audio)
    assert not [at for at in loud if silent_ms[0] <= at < silent_ms[1]]
    assert [at for at in loud if at >= silent_ms[1]]


def loud_ms(audio: Path) -> list[int]:
    """The tenths of seconds in which something can be heard."""
    samples = samples_of(audio, 1000)
    return [at for at in range(0, len(samples) - 100, 100) if max(samples[at : at + 100]) > 300]
