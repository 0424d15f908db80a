"""Slices of provider audio: where it is loud, and one as a file whose samples are those of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.audio import ffmpeg, samples_of, write_tone
from transcripts.media import slices
from transcripts.media.errors import NoSound

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    """Two seconds of a tone, two of silence, two of a tone, as provider audio."""
    write_tone(tmp_path / "tone.wav", seconds=2)
    write_tone(tmp_path / "silence.wav", seconds=2, loudness=0)
    inputs = [part for name in ("tone", "silence", "tone") for part in ("-i", tmp_path / f"{name}.wav")]
    ffmpeg(*inputs, "-filter_complex", "concat=n=3:v=0:a=1", "-sample_fmt", "s16", tmp_path / "audio.flac")
    return tmp_path / "audio.flac"


def test_levels_tell_silence_from_audio(audio: Path, tmp_path: Path) -> None:
    (folder := tmp_path / "work").mkdir()
    levels = slices.levels(audio, folder)
    assert len(levels) == 60
    assert max(levels[20:40]) == 0
    assert min([*levels[:20], *levels[40:]]) > 1e6


def test_a_slice_has_the_samples_of_the_whole(audio: Path, tmp_path: Path) -> None:
    (folder := tmp_path / "work").mkdir()
    cut = slices.cut(audio, folder, 1_234, 5_001)
    assert cut.read_bytes()[:4] == b"fLaC"
    assert samples_of(cut) == samples_of(audio)[1_234 * 16 : 5_001 * 16]


def test_a_slice_of_nothing_is_refused(audio: Path, tmp_path: Path) -> None:
    (folder := tmp_path / "work").mkdir()
    with pytest.raises(NoSound):
        slices.cut(audio, folder, 7_000, 8_000)
