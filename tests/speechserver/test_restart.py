"""What was accepted is done, whatever happens to the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil

from tests.speechserver.client import status, upload, wait_for_answer
from tests.support.speech import SpeechProcess
from tests.support.wav import write_tone

if TYPE_CHECKING:
    from pathlib import Path


def test_accepted_jobs_outlive_kill_9_and_answers_stay(tmp_path: Path) -> None:
    with SpeechProcess(tmp_path, script={"seconds": None, "answer": "kept"}) as speech:
        ids = [upload(speech).json()["processing_id"] for _ in range(3)]
        speech.restart()
        assert {status(speech, one).json()["status"] for one in ids} == {"processing"}
        speech.release()
        answers = [wait_for_answer(speech, one) for one in ids]
        assert [answer["transcription"] for answer in answers] == ["kept"] * 3
        speech.restart()
        assert [status(speech, one).json() for one in ids] == answers
        assert [entry["processing_id"] for entry in speech.billed()] == ids


def test_audio_is_let_go_when_it_is_done_and_half_uploads_at_the_start(tmp_path: Path) -> None:
    with SpeechProcess(tmp_path, script={}) as speech:
        wait_for_answer(speech, upload(speech).json()["processing_id"])
        audio = tmp_path / "audio"
        (audio / "half-an-upload").write_bytes(b"x")
        speech.restart()
        assert list(audio.iterdir()) == []


def test_sigterm_ends_it_cleanly_in_the_middle_of_a_job(tmp_path: Path) -> None:
    with SpeechProcess(tmp_path, script={"seconds": None}) as speech:
        upload(speech)
        assert speech.stop() == 0


def test_a_recogniser_dies_with_the_server(tmp_path: Path) -> None:
    sound = write_tone(tmp_path / "long.wav", seconds=120)
    with SpeechProcess(tmp_path / "server") as speech, sound.open("rb") as file:
        upload(speech, file=file)
        assert speech.process is not None
        server = psutil.Process(speech.process.pid)
        while not (children := server.children()):
            pass
        speech.kill()
        gone, alive = psutil.wait_procs(children, timeout=10)
        assert len(gone) == 1
        assert alive == []
