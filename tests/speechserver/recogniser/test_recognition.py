"""The local recogniser, through HTTP and directly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from speechserver.audio import BYTES_A_SAMPLE, RATE_HZ, InvalidAudio, read_samples
from speechserver.jobs.decoder import decoded
from tests.speechserver.client import upload, wait_for_answer
from tests.support import hostile_files as hostile
from tests.support.audio import write_sound, write_tone
from tests.support.corpus import corpus
from tests.support.speech_server.recogniser import samples_of, segments_of, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.speech_server.process import SpeechProcess


def recognise(speech: SpeechProcess, path: Path, **fields: Any) -> dict[str, Any]:
    with path.open("rb") as file:
        return wait_for_answer(speech, upload(speech, file=file, fields=fields).json()["processing_id"])


def noise(seconds: float, loudness: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.random.default_rng(1).normal(0, loudness, round(seconds * RATE_HZ))


def music(seconds: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A plucked arpeggio with overtones."""
    times = np.arange(RATE_HZ) / RATE_HZ
    notes = [220 * 2 ** (step / 12) for step in (0, 4, 7, 12, 5, 9, 12, 17)]
    strings = [sum(np.sin(2 * np.pi * note * tone * times) / tone for tone in (1, 2, 3, 4)) for note in notes]
    second = [string * np.exp(-2 * times) * 0.2 for string in strings]
    return np.concatenate([second[number % len(second)] for number in range(math.ceil(seconds))])


def breaths(seconds: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A noise that swells and fades like syllables."""
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return noise(seconds, 0.2) * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * times))


def written(path: Path, samples: np.ndarray[Any, Any]) -> Path:
    return write_sound(path, (np.clip(samples, -1, 1) * 32_767).astype(np.int16).tobytes())


@pytest.mark.parametrize("loudness", [0.0, 0.3])
def test_silence_and_a_tone_hold_no_words(recognising_speech: SpeechProcess, tmp_path: Path, loudness: float) -> None:
    answer = recognise(recognising_speech, write_tone(tmp_path / "a.wav", seconds=3, loudness=loudness))
    assert answer["status"] == "completed"
    assert answer["transcription"] == ""
    assert answer["segments"] == []
    assert answer["language"] is None
    assert answer["duration"] == 3.0


@pytest.mark.parametrize(
    "samples",
    [noise(60, 0.05), noise(60, 0.001), music(60), breaths(30)],
    ids=["noise", "hiss", "music", "breaths"],
)
def test_where_no_one_speaks_nothing_is_invented(tmp_path: Path, samples: np.ndarray[Any, Any]) -> None:
    assert segments_of(written(tmp_path / "a.wav", samples)) == []


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


def test_a_decoder_gives_every_sample_and_ends_when_no_one_reads_on(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "a.wav", seconds=30)
    pieces = list(decoded(path))
    assert b"".join(samples for samples, _ in pieces) == samples_of(path)
    assert pieces[-1][1] == 1.0
    reading = decoded(path)
    assert next(reading)[0]
    reading.close()


def test_a_decoder_that_is_killed_is_no_whole_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(InvalidAudio, match="could not be decoded"):
        list(decoded(write_tone(tmp_path / "a.wav")))


@pytest.mark.corpus
def test_a_speech_is_recognised_with_times_and_confidences(recognising_speech: SpeechProcess) -> None:
    answer = recognise(recognising_speech, corpus() / "speech" / "en_speech_jfk.flac")
    assert answer["engine"] == "Whisper tiny.en"
    assert answer["language"] == "en"
    assert answer["duration"] == pytest.approx(11.0, abs=0.01)
    words = [word for segment in answer["segments"] for word in segment["words"]]
    assert " ".join(word["word"] for word in words) == answer["transcription"]
    assert "ask not what your country can do for you" in answer["transcription"]
    assert answer["transcription"].endswith(".")
    assert all(0 <= word["confidence"] <= 1 for word in words)
    assert len({word["confidence"] for word in words}) > 5
    times = [time for word in words for time in (word["start"], word["end"])]
    assert times == sorted(times)
    assert 0 <= times[0] < times[-1] <= 11.0


@pytest.mark.corpus
def test_words_in_the_vocabulary_are_spelled_as_they_are_there(recognising_speech: SpeechProcess) -> None:
    path = corpus() / "speech" / "en_read_librivox_0870.wav"
    assert "John Dashwood had" in recognise(recognising_speech, path)["transcription"]
    answer = recognise(recognising_speech, path, vocabulary="Jon Dashwoode, Norland")
    assert "Jon Dashwoode had" in answer["transcription"]


@pytest.mark.corpus
def test_terms_that_no_one_says_change_nothing(recognising_speech: SpeechProcess) -> None:
    path = corpus() / "speech" / "en_read_librivox_0870.wav"
    terms = "Thalweg, Kowalczyk, Zbigniew, Okonkwo, Dashwell, Leesure, Prudence"
    answer = recognise(recognising_speech, path, vocabulary=terms)
    assert answer["segments"] == recognise(recognising_speech, path)["segments"]


@pytest.mark.long
@pytest.mark.corpus
def test_the_same_words_again_and_again_are_neither_lost_nor_multiplied(tmp_path: Path) -> None:
    """“Thank you.” said once in 1.3 s, which makes the model give up or loop if one window holds many."""
    whole = np.frombuffer(samples_of(corpus() / "speech" / "en_diarization_3spk.wav"), np.int16) / 32_768
    spoken = np.concatenate([whole[round(18.6 * RATE_HZ) : round(19.6 * RATE_HZ)], noise(0.3, 0.0005)])
    times = 45
    words = words_of(segments_of(written(tmp_path / "a.wav", np.tile(spoken, times))))
    assert times * 0.7 <= [word.strip(".,!").lower() for word in words].count("you") <= times


@pytest.mark.corpus
@pytest.mark.parametrize("name", hostile.SILENCE_MS)
def test_recordings_without_speech_have_no_words(name: str) -> None:
    assert segments_of(hostile.path_of(name)) == []


@pytest.mark.corpus
@pytest.mark.parametrize("name", sorted(hostile.REFUSED.keys() - {"pub_awful.wav", hostile.NAMES}))
def test_what_is_no_audio_is_refused(name: str) -> None:
    with pytest.raises(InvalidAudio):
        list(read_samples(hostile.path_of(name)))


@pytest.mark.corpus
@pytest.mark.parametrize("name", hostile.SPEECH_MS)
def test_odd_recordings_are_read_to_their_end(name: str) -> None:
    pieces = list(read_samples(hostile.path_of(name)))
    heard_ms = sum(len(samples) for samples, _ in pieces) / BYTES_A_SAMPLE / 16
    assert heard_ms == pytest.approx(hostile.SPEECH_MS[name], abs=150)
    shares = [share for _, share in pieces]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
