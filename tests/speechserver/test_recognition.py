"""What the built-in engine hears, through HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from speechserver.audio import BYTES_A_SAMPLE, InvalidAudio, read_samples
from speechserver.engines.sphinx import Sphinx
from tests.speechserver.client import upload, wait_for_answer
from tests.speechserver.test_utterances import voice
from tests.support import hostile
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
@pytest.mark.parametrize("name", hostile.SILENCE_MS)
def test_where_nobody_speaks_nothing_is_invented(name: str) -> None:
    steps = list(Sphinx().transcribe(hostile.path_of(name), "en"))
    assert [step.segment for step in steps if step.segment] == []


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
