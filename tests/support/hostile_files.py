"""What is to become of each file in the corpus's folder of broken and hostile files."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from tests.support.corpus import corpus
from transcripts.media import errors

if TYPE_CHECKING:
    from pathlib import Path

# Names to give a small good file at upload, one a line; itself no recording
NAMES = "filenames_to_try.txt"
REFUSED: dict[str, type[errors.MediaError]] = {
    "pub_zero_bytes.wav": errors.EmptyFile,
    "pub_invalid_22_bytes.wav": errors.NotMedia,
    "pub_header_only.wav": errors.NoSound,
    "pub_awful.wav": errors.NoSound,
    "wav_65535_channels.wav": errors.Undecodable,
    "text_named.wav": errors.NotMedia,
    "html_named.mp3": errors.NotMedia,
    "random_64k.mp3": errors.NotMedia,
    "mp4_moov_missing_truncated.mp4": errors.IncompleteFile,
    "mp4_video_only_no_audio.mp4": errors.NoSoundTrack,
    "playlist_local_file.mp4": errors.NotMedia,
    NAMES: errors.NotMedia,
}
# Accepted, and how long they really are
SILENCE_MS = {
    "pub_no_speech.wav": 8212,
    "pub_silence_1s.wav": 1000,
    "wav_10ms.wav": 10,
    "ogg_60s_silence.ogg": 60_000,
}
SPEECH_MS = {
    "wav_streaming_sizes_ffffffff.wav": 3200,
    "wav_size_zero_but_data.wav": 3200,
    "wav_truncated_half.wav": 1598,
    "mp3_id3_5MB_real.mp3": 11_088,
    "m4a_tags_markup_formula.m4a": 6000,
    "mp4_duration_49_days.mp4": 11_000,
    "mkv_two_audio_tracks_en_es.mkv": 11_000,
    "wav_8_channels.wav": 6000,
    "polyglot_wav_zip.wav": 3200,
    "flac_named.txt": 11_000,
}
LENGTH_MS = SILENCE_MS | SPEECH_MS


def path_of(name: str) -> Path:
    """Where the file lies; skips the test where there is no corpus."""
    return corpus() / "hostile" / name


def listed() -> set[str]:
    """The names of all files that the folder's manifest tells of."""
    with path_of("manifest.tsv").open(encoding="utf-8") as lines:
        return {row["file"] for row in csv.DictReader(lines, delimiter="\t")}
