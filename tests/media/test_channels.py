"""Two channels that each have a voice are laid apart, like tracks; all other stereo is mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.audio import ffmpeg, samples_of
from tests.support.corpus import corpus
from transcripts.media import prepare

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.media.prepare import Prepared

# Someone at 440 Hz for two seconds, then someone at 660 Hz for one, in turns
LEFT, RIGHT = "lt(mod(t,3),2)*0.3*sin(2*PI*440*t)", "gte(mod(t,3),2)*0.3*sin(2*PI*660*t)"
# The microphones pick each other up at -25 dB
CALL = f"{LEFT}+0.056*{RIGHT}|{RIGHT}+0.056*{LEFT}"
SECONDS = 60


def stereo(folder: Path, channels: str = CALL, seconds: int = SECONDS, name: str = "call.wav") -> Path:
    """A recording of two channels, each an expression of time."""
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc='{channels}':d={seconds}:s=16000", folder / name)
    return folder / name


def make(source: Path, folder: Path, *, wanted: tuple[int, ...] = (), splits: bool = True) -> Prepared:
    return prepare.prepare(source, folder, lambda share: None, wanted=list(wanted), splits=splits)


def used(made: Prepared) -> list[str]:
    return [one["label"] for one in made.tracks if one["is_used"]]


def is_loud(made: Prepared, at_s: float) -> bool:
    samples = samples_of(made.audio)
    return max(samples[round(at_s * 16_000) : round((at_s + 0.5) * 16_000)]) > 3_000


def test_the_voices_of_a_call_are_laid_one_after_the_other(tmp_path: Path) -> None:
    made = make(stereo(tmp_path), tmp_path)
    assert [span.label for span in made.layout] == ["Channel 1", "Channel 2"]
    second_s = made.layout[1].start_ms / 1000
    assert (is_loud(made, 1), is_loud(made, 2.2)) == (True, False)
    assert (is_loud(made, second_s + 1), is_loud(made, second_s + 2.2)) == (False, True)
    assert made.duration_ms == pytest.approx(SECONDS * 1000, abs=50)


def test_what_was_done_is_said_and_can_be_chosen_otherwise(tmp_path: Path) -> None:
    call = stereo(tmp_path)
    made = make(call, tmp_path)
    [notice] = made.notices
    kept, mixed = ["Channel 1", "Channel 2"], ["Both channels mixed"]
    assert notice == {"code": "tracks_left_out", "values": {"kept": kept, "left_out": mixed, "why": "channels"}}
    assert [(one["number"], one["is_used"]) for one in made.tracks] == [(1, False), (2, True), (3, True)]
    for wanted, expected in (((1,), mixed), ((2,), kept[:1]), ((2, 3), kept)):
        chosen = make(call, tmp_path, wanted=wanted)
        assert used(chosen) == expected
        assert len(chosen.tracks) == 3


def test_where_the_provider_tells_speakers_apart_the_mix_is_sent_and_nothing_is_said(tmp_path: Path) -> None:
    made = make(stereo(tmp_path), tmp_path, splits=False)
    assert len(made.layout) == 1
    assert used(made) == ["Both channels mixed"]
    assert made.notices == []


def test_the_player_plays_both_and_the_waveform_shows_both(tmp_path: Path) -> None:
    call = stereo(tmp_path)
    ffmpeg("-i", call, "-c:a", "wmav2", tmp_path / "call.wma")
    made = make(tmp_path / "call.wma", tmp_path)
    assert made.playback is not None
    loud = samples_of(made.playback)
    assert [max(loud[round(at * 16_000) :][:8_000]) > 2_000 for at in (1, 2.2)] == [True, True]


@pytest.mark.parametrize(
    "channels",
    [
        pytest.param("0.3*sin(2*PI*440*t)|0.3*sin(2*PI*440*t)", id="twice the same"),
        pytest.param(f"{LEFT}|0", id="one is silent"),
        pytest.param(f"{LEFT}+0.5*{RIGHT}|{RIGHT}+0.5*{LEFT}", id="one room"),
        pytest.param("0.3*sin(2*PI*440*t)|0.3*sin(2*PI*660*t)", id="music"),
        pytest.param(f"{LEFT}|lt(mod(t,50),1)*0.3*sin(2*PI*660*t)", id="a cough in the other"),
    ],
)
def test_other_channels_are_mixed_as_ever(tmp_path: Path, channels: str) -> None:
    made = make(stereo(tmp_path, channels), tmp_path)
    assert len(made.layout) == len(made.tracks) == 1
    assert made.notices == []


def test_what_is_too_short_to_tell_is_mixed(tmp_path: Path) -> None:
    assert len(make(stereo(tmp_path, seconds=20), tmp_path).layout) == 1


def test_a_line_each_is_told_from_little(tmp_path: Path) -> None:
    assert len(make(stereo(tmp_path, f"{LEFT}|{RIGHT}", seconds=6), tmp_path).layout) == 2


def test_what_would_be_too_long_for_a_recording_is_mixed(tmp_path: Path) -> None:
    made = prepare.prepare(stereo(tmp_path), tmp_path, lambda share: None, splits=True, most_hours=100 / 3600)
    assert len(made.layout) == 1


@pytest.mark.corpus
@pytest.mark.parametrize("crosstalk", [0.0, 0.056, 0.178])
def test_speech_in_two_channels_is_laid_apart(tmp_path: Path, crosstalk: float) -> None:
    """Two people of the corpus in turns of five seconds, with half a second of both, as they reach two microphones."""
    one, other = two_voices()
    turns = "volume=0:enable='gt(mod(t,10),5.5)'", "volume=0:enable='between(mod(t,10),0.5,5)'"
    mixed = f"[a][b]join=inputs=2:channel_layout=stereo,pan=stereo|c0=c0+{crosstalk}*c1|c1=c1+{crosstalk}*c0"
    graph = f"[0]{turns[0]}[a];[1]{turns[1]}[b];{mixed}"
    inputs = ("-stream_loop", "20", "-t", "120", "-i", one, "-stream_loop", "20", "-t", "120", "-i", other)
    ffmpeg(*inputs, "-filter_complex", graph, tmp_path / "call.wav")
    assert [span.label for span in make(tmp_path / "call.wav", tmp_path).layout] == ["Channel 1", "Channel 2"]


@pytest.mark.corpus
@pytest.mark.parametrize("room", ["aecho=0.8:0.6:11:0.4", "stereotools=mlev=1:slev=0.6", "extrastereo=m=2.5"])
def test_speech_in_a_room_is_mixed(tmp_path: Path, room: str) -> None:
    one, other = two_voices()
    # Each a little nearer to another microphone, and later at the farther one
    near = "pan=stereo|c0=c0|c1=0.5*c0,adelay=0|4", "pan=stereo|c0=0.5*c0|c1=c0,adelay=4|0"
    graph = f"[0]{near[0]}[a];[1]{near[1]}[b];[a][b]amix=inputs=2,{room}"
    inputs = ("-stream_loop", "20", "-t", "120", "-i", one, "-stream_loop", "20", "-t", "120", "-i", other)
    ffmpeg(*inputs, "-filter_complex", graph, tmp_path / "room.wav")
    assert len(make(tmp_path / "room.wav", tmp_path).layout) == 1


def two_voices() -> tuple[Path, Path]:
    speech = corpus() / "speech"
    return speech / "en_read_beckett.wav", speech / "en_interview_spacewalk.wav"


@pytest.mark.corpus
def test_a_call_of_which_both_speak_at_the_same_time_is_laid_apart(tmp_path: Path) -> None:
    made = make(corpus() / "speech" / "en_stereo_bank_2ch.wav", tmp_path)
    assert [span.label for span in made.layout] == ["Channel 1", "Channel 2"]
