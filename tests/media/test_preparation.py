"""What becomes of a file: provider audio, playback, waveform, or a sentence."""

from __future__ import annotations

import json
import subprocess
import wave
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support import hostile_files as hostile
from tests.support.audio import ffmpeg_path, write_tone
from transcripts.media import errors, prepare
from transcripts.media.peaks import MOST, RATE_HZ, Peaks

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.media.prepare import Prepared


def make(source: Path, folder: Path) -> Prepared:
    return prepare.prepare(source, folder, lambda share: None)


def convert(source: Path, target: Path, *options: str) -> Path:
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", "-i", source, *options, target], check=True)
    return target


def test_the_provider_audio_is_lossless_16_khz_mono(tone: Path, tmp_path: Path) -> None:
    made = make(tone, tmp_path)
    decoded = convert(made.audio, tmp_path / "decoded.wav")
    with wave.open(str(decoded)) as sound, wave.open(str(tone)) as original:
        assert (sound.getnchannels(), sound.getframerate(), sound.getsampwidth()) == (1, 16_000, 2)
        assert sound.readframes(10**6) == original.readframes(10**6)
    assert made.duration_ms == 1000


def test_the_waveform_follows_the_sound(tmp_path: Path) -> None:
    source = write_tone(tmp_path / "loud.wav", seconds=2, loudness=0.5)
    shown = json.loads(make(source, tmp_path).peaks.read_bytes())
    assert shown["duration_ms"] == 2000
    assert len(shown["peaks"]) == 40
    assert all(120 <= peak <= 132 for peak in shown["peaks"])


def test_a_long_waveform_stays_small_and_keeps_its_loudest_moments() -> None:
    peaks = Peaks()
    quiet, loud = b"\x01\x00" * RATE_HZ, b"\xff\x7f" * RATE_HZ
    for second in range(2000):
        peaks.feed(loud if second == 1000 else quiet)
    shown = json.loads(peaks.as_json())
    assert MOST / 2 < len(shown["peaks"]) <= 2 * MOST
    assert max(shown["peaks"]) == 255
    assert shown["duration_ms"] == 2_000_000


@pytest.mark.parametrize(
    ("name", "options", "content_type"),
    [
        ("a.mp3", (), "audio/mpeg"),
        ("a.flac", (), "audio/flac"),
        ("a.m4a", (), "audio/mp4"),
        ("a.ogg", ("-c:a", "libvorbis"), "audio/ogg"),
        ("a.webm", ("-c:a", "libopus"), "audio/webm"),
    ],
)
def test_what_browsers_play_is_not_copied(
    tone: Path, tmp_path: Path, name: str, options: tuple[str, ...], content_type: str
) -> None:
    made = make(convert(tone, tmp_path / name, *options), tmp_path)
    assert (made.original_type, made.playback) == (content_type, None)


@pytest.mark.parametrize("name", ["a.aiff", "a.wma", "a.avi"])
def test_what_browsers_cannot_play_gets_a_copy_they_can(tone: Path, tmp_path: Path, name: str) -> None:
    made = make(convert(tone, tmp_path / name), tmp_path)
    assert made.original_type == ""
    assert made.playback is not None
    assert prepare.describe(made.playback)["playable_type"] == "audio/mp4"


def test_a_stream_without_a_length_gets_a_copy_that_can_be_sought_in(tone: Path, tmp_path: Path) -> None:
    assert make(live(tone, tmp_path), tmp_path).playback is not None


def live(tone: Path, folder: Path) -> Path:
    """What a browser records: a file whose header knows no length."""
    source = folder / "live.webm"
    with source.open("wb") as file:  # a pipe cannot be gone back in, so no length is written
        command = [ffmpeg_path(), "-v", "error", "-i", tone, "-c:a", "libopus", "-f", "webm", "pipe:1"]
        subprocess.run([str(part) for part in command], stdout=file, check=True)
    return source


def test_a_header_that_lies_about_the_length_is_not_believed(tmp_path: Path) -> None:
    source = write_tone(tmp_path / "lie.wav", seconds=10)
    short = convert(source, tmp_path / "short.mp3", "-t", "3")
    content = bytearray(short.read_bytes())
    frames = content.index(b"Info") + 8
    content[frames : frames + 4] = (100_000).to_bytes(4, "big")
    short.write_bytes(content)
    made = make(short, tmp_path)
    assert 2_900 <= made.duration_ms <= 3_200
    assert made.playback is not None


def test_a_cover_picture_is_no_video(tone: Path, tmp_path: Path) -> None:
    picture = tmp_path / "cover.png"
    subprocess.run(
        [ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", "color=red:s=16x16", "-frames:v", "1", picture],
        check=True,
    )
    source = tmp_path / "song.mp3"
    command = [ffmpeg_path(), "-v", "error", "-i", tone, "-i", picture, "-map", "0:a", "-map", "1:v", source]
    subprocess.run([str(part) for part in command], check=True)
    made = make(source, tmp_path)
    assert (made.has_video, made.original_type) == (False, "audio/mpeg")


def test_pictures_without_sound_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "silent.mp4"
    subprocess.run([ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", "color=red:s=16x16:d=1", source], check=True)
    with pytest.raises(errors.NoSoundTrack):
        make(source, tmp_path)


@pytest.mark.parametrize("kind", ["hls", "ffconcat"])
def test_a_playlist_cannot_make_the_decoder_read_another_file(tone: Path, tmp_path: Path, kind: str) -> None:
    lists = {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{tone}\n#EXT-X-ENDLIST\n",
        "ffconcat": f"ffconcat version 1.0\nfile '{tone}'\n",
    }
    source = tmp_path / "evil.mp4"
    source.write_text(lists[kind])
    with pytest.raises(errors.NotMedia):
        make(source, tmp_path)


def test_progress_runs_to_the_end(tone: Path, tmp_path: Path) -> None:
    shares: list[float | None] = []
    prepare.prepare(tone, tmp_path, shares.append)
    assert shares[-1] == 1.0


def test_an_exception_from_progress_ends_the_decoder(tmp_path: Path) -> None:
    source = write_tone(tmp_path / "long.wav", seconds=120)
    before = children()  # servers that other tests share

    class Stop(Exception):
        pass

    def stop(share: float | None) -> None:
        raise Stop

    with pytest.raises(Stop):
        prepare.prepare(source, tmp_path, stop)
    assert children() == before


def test_a_file_without_a_length_can_be_ended_too(tone: Path, tmp_path: Path) -> None:
    shares: list[float | None] = []
    prepare.prepare(live(tone, tmp_path), tmp_path, shares.append)
    assert set(shares) == {None}


def children() -> list[int]:
    """Programs that this process started and that still run."""
    return [child.pid for child in psutil.Process().children(recursive=True) if "python" in child.name()]


@pytest.mark.corpus
def test_no_hostile_file_is_forgotten() -> None:
    assert hostile.listed() == hostile.REFUSED.keys() | hostile.LENGTH_MS.keys()


@pytest.mark.corpus
@pytest.mark.parametrize("name", hostile.REFUSED)
def test_a_hostile_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(hostile.REFUSED[name]) as raised:
        make(hostile.path_of(name), tmp_path)
    assert str(raised.value).endswith(".")


@pytest.mark.corpus
@pytest.mark.parametrize("name", hostile.LENGTH_MS)
def test_an_odd_file_is_accepted_with_its_real_length(tmp_path: Path, name: str) -> None:
    made = make(hostile.path_of(name), tmp_path)
    assert abs(made.duration_ms - hostile.LENGTH_MS[name]) <= 5
