"""What was claimed, what the bytes hold and what was decoded are compared; what there is is kept, the rest is said."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from tests.support.audio import ffmpeg, write_tone
from tests.support.corpus import corpus
from transcripts.media import errors, prepare
from transcripts.media.formats import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.media.prepare import Prepared

NOISE = ("-f", "lavfi", "-i", "anoisesrc=d=20:r=48000:a=0.3")


def make(source: Path, folder: Path) -> Prepared:
    return prepare.prepare(source, folder, lambda share: None)


def unread_ms(made: Prepared) -> int:
    [notice] = [notice for notice in made.notices if notice["code"] == "unread_audio"]
    about_ms: int = notice["values"]["about_ms"]
    return about_ms


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.wav", ()),
        ("a.flac", ()),
        ("a.mp3", ()),
        ("a.m4a", ("-movflags", "+faststart")),
        ("a.mkv", ("-c:a", "libopus")),
        ("a.webm", ("-c:a", "libopus")),
        ("a.aiff", ()),
        ("a.w64", ()),
        ("a.caf", ()),
        ("a.wma", ()),
        ("a.avi", ()),
    ],
)
def test_a_file_that_was_cut_off_says_how_much_is_missing(tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    source = tmp_path / name
    ffmpeg(*NOISE, *options, source)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    made = make(source, tmp_path)
    assert made.duration_ms == pytest.approx(10_000, abs=1500)
    assert made.duration_ms + unread_ms(made) == pytest.approx(20_000, abs=1000)
    assert made.playback is not None, "a player would show a length that is not there"


def test_a_recorder_that_died_is_said_even_without_a_length(tmp_path: Path) -> None:
    source = tmp_path / "a.webm"
    ffmpeg(*NOISE, "-c:a", "libopus", "-f", "webm", "-live", "1", source)
    source.write_bytes(source.read_bytes()[: source.stat().st_size * 2 // 3])
    assert [notice["code"] for notice in make(source, tmp_path).notices] == ["cut_off"]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.wav", ()),
        ("a.wav", ("-rf64", "always")),
        ("a.flac", ()),
        ("a.mp3", ()),
        ("a.mp3", ("-write_xing", "0")),
        ("a.m4a", ()),
        ("a.mp4", ("-movflags", "+frag_keyframe")),
        ("a.mkv", ("-c:a", "aac")),
        ("a.webm", ("-c:a", "libopus")),
        ("a.ogg", ("-c:a", "libvorbis")),
        ("a.opus", ("-c:a", "libopus")),
        ("a.aac", ()),
        ("a.ac3", ()),
        ("a.amr", ("-c:a", "libopencore_amrnb", "-ar", "8000", "-ac", "1")),
        ("a.aiff", ()),
        ("a.au", ()),
        ("a.avi", ()),
        ("a.caf", ()),
        ("a.flv", ("-c:a", "aac", "-ar", "44100")),
        ("a.tta", ()),
        ("a.ts", ("-c:a", "mp2")),
        ("a.mpg", ("-c:a", "mp2")),
        ("a.voc", ()),
        ("a.w64", ()),
        ("a.wma", ()),
        ("a.wv", ()),
        ("a.mka", ("-c:a", "pcm_s16le")),
        ("a.mov", ("-c:a", "alac")),
        ("a.3gp", ("-c:a", "aac")),
        ("a.sox", ()),
        ("a.ircam", ("-f", "ircam")),
        ("a.nut", ("-c:a", "aac")),
    ],
)
def test_a_whole_file_has_nothing_to_say(tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    source = tmp_path / name
    ffmpeg(*NOISE, *options, source)
    made = make(source, tmp_path)
    assert made.duration_ms == pytest.approx(20_000, abs=100)
    assert made.notices == []


@pytest.mark.parametrize(
    ("name", "options"),
    [("a.m4a", ()), ("a.mkv", ("-c:a", "aac")), ("a.mp4", ("-movflags", "+faststart")), ("a.ogg", ("-c:a", "libopus"))],
)
def test_a_hole_is_said_and_moves_nothing(tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    source = tmp_path / name
    ffmpeg(*NOISE, *options, source)
    content = bytearray(source.read_bytes())
    middle, hole = len(content) // 2, len(content) // 10
    content[middle : middle + hole] = bytes(hole)
    source.write_bytes(content)
    made = make(source, tmp_path)
    assert made.duration_ms == pytest.approx(20_000, abs=300)
    # A container may have to be searched for where it continues
    assert 1_500 <= unread_ms(made) <= 5_500
    assert made.playback is not None


def wav_with(path: Path, data_bytes: int, *, after: bytes = b"") -> Path:
    """A second of tone whose header says that it has so many bytes, with something behind it."""
    content = bytearray(write_tone(path, seconds=10).read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = struct.pack("<I", data_bytes)
    path.write_bytes(content + after)
    return path


@pytest.mark.parametrize("seconds", [0, 1, 3])
def test_a_wav_file_is_read_past_a_size_that_is_too_small(tmp_path: Path, seconds: int) -> None:
    made = make(wav_with(tmp_path / "a.wav", seconds * 32_000), tmp_path)
    assert made.duration_ms == 10_000
    assert made.notices == []


SIZES = {
    "a.au": (b".snd", 8, ">I"),
    "a.aiff": (b"SSND", 4, ">I"),
    "a.caf": (b"data", 4, ">q"),
    "a.w64": (b"data", 16, "<q"),
}


@pytest.mark.parametrize("name", SIZES)
def test_other_formats_are_read_past_a_size_that_is_too_small(tmp_path: Path, name: str) -> None:
    ffmpeg(*NOISE, tmp_path / name)
    content = bytearray((tmp_path / name).read_bytes())
    mark, behind, shape = SIZES[name]
    at = content.index(mark) + behind
    content[at : at + struct.calcsize(shape)] = struct.pack(shape, 3 * 96_000)
    (tmp_path / name).write_bytes(content)
    assert make(tmp_path / name, tmp_path).duration_ms == pytest.approx(20_000, abs=10)


def test_a_long_wav_file_is_read_past_a_false_long_size(tmp_path: Path) -> None:
    ffmpeg(*NOISE, "-rf64", "always", tmp_path / "a.wav")
    content = bytearray((tmp_path / "a.wav").read_bytes())
    at = content.index(b"ds64") + 16
    content[at : at + 8] = struct.pack("<Q", 3 * 96_000)
    (tmp_path / "a.wav").write_bytes(content)
    assert make(tmp_path / "a.wav", tmp_path).duration_ms == pytest.approx(20_000, abs=10)


def test_copy_protected_audio_is_said_to_be_so(tmp_path: Path) -> None:
    ffmpeg(*NOISE, tmp_path / "a.m4a")
    content = (tmp_path / "a.m4a").read_bytes()
    (tmp_path / "a.m4p").write_bytes(content.replace(b"mp4a", b"drms"))
    with pytest.raises(errors.UnsupportedCodec):
        make(tmp_path / "a.m4p", tmp_path)


@pytest.mark.parametrize("after", [b"LIST" + struct.pack("<I", 100_000) + bytes(100_000), b"PK\x03\x04" + bytes(300)])
def test_what_follows_the_sound_of_a_wav_file_is_no_sound(tmp_path: Path, after: bytes) -> None:
    assert make(wav_with(tmp_path / "a.wav", 320_000, after=after), tmp_path).duration_ms == 10_000


def test_flac_may_have_any_block_size(tmp_path: Path) -> None:
    for size in ("16", "4608", "65535"):
        source = tmp_path / f"{size}.flac"
        ffmpeg("-f", "lavfi", "-i", "sine=d=30:r=8000", "-frame_size", size, source)
        assert make(source, tmp_path).duration_ms == 30_000


@pytest.mark.parametrize("rate", ["8000", "11025", "96000", "192000"])
@pytest.mark.parametrize("name", ["a.wv", "a.tta"])
def test_formats_with_large_frames_are_read(tmp_path: Path, name: str, rate: str) -> None:
    ffmpeg("-f", "lavfi", "-i", f"sine=d=12:r={rate}", tmp_path / name)
    assert make(tmp_path / name, tmp_path).duration_ms == pytest.approx(12_000, abs=10)


@pytest.mark.parametrize(("rate", "is_accepted"), [(1, False), (100, False), (2999, False), (4000, True), (8000, True)])
def test_a_rate_that_is_too_low_for_speech_is_refused(tmp_path: Path, rate: int, *, is_accepted: bool) -> None:
    content = bytearray(write_tone(tmp_path / "a.wav", seconds=1).read_bytes())
    content[24:28] = struct.pack("<I", rate)
    content[28:32] = struct.pack("<I", 2 * rate)
    (tmp_path / "a.wav").write_bytes(content)
    if is_accepted:
        assert make(tmp_path / "a.wav", tmp_path).duration_ms == 16_000 * 1000 // rate
        return
    with pytest.raises(errors.RateTooLow):
        make(tmp_path / "a.wav", tmp_path)


def test_more_than_the_longest_duration_is_refused(tmp_path: Path) -> None:
    source = write_tone(tmp_path / "a.wav", seconds=120)
    with pytest.raises(errors.TooLong, match=r"longer than the 0\.02 hours"):
        prepare.prepare(source, tmp_path, lambda share: None, most_hours=0.02)


def test_silence_past_the_longest_duration_is_left_out_and_said(tmp_path: Path) -> None:
    source = tmp_path / "a.mkv"
    gap = "asetpts='if(gte(T,5),PTS+3000/TB,PTS)'"
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=10", "-af", gap, "-c:a", "libopus", source)
    assert make(source, tmp_path).duration_ms == pytest.approx(3_010_000, abs=1000)
    made = prepare.prepare(source, tmp_path, lambda share: None, most_hours=0.5)
    assert made.duration_ms == pytest.approx(10_000, abs=1000)
    assert [notice["code"] for notice in made.notices] == ["gap_closed"]


@pytest.mark.parametrize(
    ("head", "refusal"),
    [
        (b"\x03ds2", errors.UnsupportedDS2),
        (b"\x01ds2", errors.UnsupportedDS2),
        (b"MThd\0\0\0\6", errors.UnsupportedMIDI),
    ],
)
def test_what_no_decoder_reads_has_a_message_of_its_own(
    tmp_path: Path, head: bytes, refusal: type[errors.MediaError]
) -> None:
    source = tmp_path / "a"
    source.write_bytes(head + bytes(10_000))
    with pytest.raises(refusal):
        make(source, tmp_path)


def test_a_nist_sphere_file_is_read(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", seconds=2)
    head = (
        "NIST_1A\n   1024\nsample_rate -i 16000\nchannel_count -i 1\nsample_n_bytes -i 2\n"
        "sample_byte_format -s2 01\nsample_sig_bits -i 16\nsample_count -i 32000\nend_head\n"
    )
    sound = (tmp_path / "a.wav").read_bytes()[44:]
    (tmp_path / "a.sph").write_bytes(head.encode().ljust(1024) + sound)
    assert make(tmp_path / "a.sph", tmp_path).duration_ms == 2000


@pytest.mark.parametrize(
    "name",
    ["nistsphere", "qcp", "dss", "ape", "mpc", "mpc8", "dsf", "sox", "tak", "shn", "caf", "w64", "voc", "amr", "wv"],
)
def test_formats_that_people_bring_are_allowed(name: str) -> None:
    assert name in FORMATS.split(",")


@pytest.mark.parametrize(
    "name",
    ["hls", "dash", "concat", "imf", "sdp", "rtsp", "rtp", "image2", "lavfi", "webvtt", "srt", "tty", "s16le", "data"],
)
def test_formats_that_name_other_files_or_fit_anything_are_not(name: str) -> None:
    assert name not in FORMATS.split(",")


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "duration_ms", "lost_ms"),
    [
        ("e_wav_size_wrapped.wav", 11_000, 0),
        ("f_ldc.sph", 11_000, 0),
        ("flac_large_blocks_8k.flac", 60_000, 0),
        ("g_chained.opus", 18_100, 0),
        ("k_cut.webm", 26_413, 26_500),
        ("k_hole.m4a", 52_918, 5_410),
        ("wavpack_8k.wv", 7_658, 0),
    ],
)
def test_found_files_are_read_whole_or_say_what_is_lost(
    tmp_path: Path, name: str, duration_ms: int, lost_ms: int
) -> None:
    made = make(corpus() / "found" / "media" / name, tmp_path)
    assert made.duration_ms == pytest.approx(duration_ms, abs=20)
    assert (unread_ms(made) if lost_ms else len(made.notices)) == pytest.approx(lost_ms, abs=50)


@pytest.mark.corpus
def test_a_truncated_file_of_the_hostile_ones_says_so(tmp_path: Path) -> None:
    assert unread_ms(make(corpus() / "hostile" / "wav_truncated_half.wav", tmp_path)) == pytest.approx(1_602, abs=5)
