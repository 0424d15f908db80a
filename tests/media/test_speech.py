"""When someone speaks: by what is louder than the room around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.audio import ffmpeg, write_tone
from transcripts.media import speech
from transcripts.media.speech import WINDOW_MS

if TYPE_CHECKING:
    from pathlib import Path

# Mean squares of a quiet room, of a loud one, and of voices in each
ROOM, VOICE = 1e3, 1e6
STREET, SHOUT = 3e6, 3e8


def windows(level: float, ms: int) -> list[float]:
    return [level] * (ms // WINDOW_MS)


def test_speech_is_what_is_louder_than_the_room() -> None:
    levels = windows(ROOM, 1_000) + windows(VOICE, 2_000) + windows(ROOM, 1_000) + windows(VOICE, 500)
    assert speech.spoken(levels, 4_480) == [(1_000, 3_000), (4_000, 4_480)]


def test_a_short_pause_is_within_a_word() -> None:
    levels = windows(ROOM, 1_000) + windows(VOICE, 500) + windows(ROOM, 200) + windows(VOICE, 500)
    assert speech.spoken(levels, 2_200) == [(1_000, 2_200)]


def test_each_room_has_its_own_noise() -> None:
    quiet = windows(ROOM, 2_000) + windows(VOICE, 2_000) + windows(ROOM, 12_000)
    loud = windows(STREET, 12_000) + windows(SHOUT, 2_000) + windows(STREET, 2_000)
    found = speech.spoken(quiet + loud, 32_000)
    assert (2_000, 4_000) in found
    assert (28_000, 30_000) in found


def test_who_never_pauses_speaks_all_the_time() -> None:
    assert speech.spoken(windows(VOICE, 5_000), 5_000) == [(0, 5_000)]


def test_in_silence_no_one_speaks() -> None:
    assert speech.spoken(windows(0.0, 5_000), 5_000) == []
    assert speech.spoken([], 0) == []


def test_audio_is_listened_to(tmp_path: Path) -> None:
    write_tone(tmp_path / "tone.wav", seconds=1)
    write_tone(tmp_path / "silence.wav", seconds=2, loudness=0)
    inputs = [part for name in ("silence", "tone", "silence", "tone") for part in ("-i", tmp_path / f"{name}.wav")]
    ffmpeg(*inputs, "-filter_complex", "concat=n=4:v=0:a=1", "-sample_fmt", "s16", tmp_path / "audio.flac")
    (folder := tmp_path / "work").mkdir()
    assert speech.stretches(tmp_path / "audio.flac", folder, 6_000) == [(2_000, 3_000), (5_000, 6_000)]
