"""What the built-in engine hears, through HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from speechserver.audio import BYTES_A_SAMPLE, InvalidAudio, read_samples
from speechserver.engines.sphinx import Sphinx
from tests.speechserver.client import upload, wait_for_answer
from tests.speechserver.test_utterances import voice
from tests.support.corpus import corpus, exact_english, word_errors
from tests.support.wav import write_sound, write_tone

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.speech import SpeechProcess

# Few and short; bench.recognition compares every file.
COMPARED = ("en_read_lj050.wav", "en_diarization_3spk.wav")


def recognise(speech: SpeechProcess, path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        return wait_for_answer(speech, upload(speech, file=file).json()["processing_id"])


@pytest.mark.parametrize("loudness", [0.0, 0.3])
def test_silence_and_a_tone_hold_no_words(recognising_speech: SpeechProcess, tmp_path: Path, loudness: float) -> None:
    answer = recognise(recognising_speech, write_tone(tmp_path / "a.wav", seconds=3, loudness=loudness))
    assert answer["status"] == "completed"
    assert answer["transcription"] == ""
    assert answer["segments"] == []
    assert answer["duration"] == 3.0


def test_a_noise_that_swells_like_speech_holds_no_words(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", voice(8))
    assert [step.segment for step in Sphinx().transcribe(path, "en") if step.segment] == []


def test_text_is_not_audio(recognising_speech: SpeechProcess, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("This is no recording. " * 100)
    answer = recognise(recognising_speech, tmp_path / "a.wav")
    assert answer["status"] == "failed"
    assert answer["message"] == "Audio could not be decoded"
    assert answer["error"] == {"code": "invalid_audio"}


def test_a_playlist_opens_no_other_file(tmp_path: Path) -> None:
    write_tone(tmp_path / "secret.wav")
    playlist = tmp_path / "list.mp4"
    playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n")
    with pytest.raises(InvalidAudio):
        list(read_samples(playlist))


@pytest.mark.corpus
def test_a_speech_is_recognised_with_times_and_confidences(recognising_speech: SpeechProcess) -> None:
    answer = recognise(recognising_speech, corpus() / "speech" / "en_speech_jfk.flac")
    assert answer["engine"] == "pocketsphinx en-us"
    assert answer["language"] == "en"
    assert answer["duration"] == pytest.approx(11.0, abs=0.01)
    segments = answer["segments"]
    assert isinstance(segments, list)
    words = [word for segment in segments for word in segment["words"]]
    assert " ".join(word["word"] for word in words) == answer["transcription"]
    assert [word["word"] for word in words].count("country") == 1
    assert all(0 <= word["confidence"] <= 1 for word in words)
    assert len({word["confidence"] for word in words}) > 5
    times = [time for word in words for time in (word["start"], word["end"])]
    assert times == sorted(times)
    assert 0 <= times[0] < times[-1] <= 11.0


@pytest.mark.corpus
def test_nothing_is_lost_against_the_bare_decoder() -> None:
    from bench.recognition import bare, engine

    files = [(path, text) for path, text in exact_english() if path.name in COMPARED]
    assert len(files) == len(COMPARED)
    ours = sum(word_errors(text, engine(path))[0] for path, text in files)
    theirs = sum(word_errors(text, bare(path))[0] for path, text in files)
    assert ours <= theirs


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["pub_no_speech.wav", "pub_silence_1s.wav", "ogg_60s_silence.ogg", "wav_10ms.wav"])
def test_where_nobody_speaks_nothing_is_invented(name: str) -> None:
    steps = list(Sphinx().transcribe(corpus() / "hostile" / name, "en"))
    assert [step.segment for step in steps if step.segment] == []


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name",
    [
        "pub_zero_bytes.wav",
        "pub_header_only.wav",
        "html_named.mp3",
        "random_64k.mp3",
        "wav_65535_channels.wav",
        "mp4_moov_missing_truncated.mp4",
        "mp4_video_only_no_audio.mp4",
        "playlist_local_file.mp4",
    ],
)
def test_what_is_no_audio_is_refused(name: str) -> None:
    with pytest.raises(InvalidAudio):
        list(read_samples(corpus() / "hostile" / name))


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("wav_streaming_sizes_ffffffff.wav", 3.2),
        ("wav_size_zero_but_data.wav", 3.2),
        ("wav_truncated_half.wav", 1.6),
        ("mp3_id3_5MB_real.mp3", 11.0),
        ("m4a_tags_markup_formula.m4a", 6.0),
        ("mp4_duration_49_days.mp4", 11.0),
        ("mkv_two_audio_tracks_en_es.mkv", 11.0),
        ("wav_8_channels.wav", 6.0),
        ("polyglot_wav_zip.wav", 3.2),
        ("flac_named.txt", 11.0),
    ],
)
def test_odd_recordings_are_read_to_their_end(name: str, seconds: float) -> None:
    pieces = list(read_samples(corpus() / "hostile" / name))
    heard = sum(len(samples) for samples, _ in pieces) / BYTES_A_SAMPLE / 16_000
    assert heard == pytest.approx(seconds, abs=0.15)
    shares = [share for _, share in pieces]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
