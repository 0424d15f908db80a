"""What was accepted is done, whatever happens to the server."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import psutil

from tests.speechserver.client import status, upload, wait_for_answer
from tests.support.audio import write_tone
from tests.support.speech_server.process import PROJECT, SpeechProcess

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


def test_a_recording_is_recognised_although_the_server_was_killed(tmp_path: Path) -> None:
    recording = write_tone(tmp_path / "long.wav", seconds=60)
    with SpeechProcess(tmp_path / "server") as speech:
        with recording.open("rb") as file:
            processing_id = upload(speech, file=file).json()["processing_id"]
        speech.restart()
        answer = wait_for_answer(speech, processing_id)
    assert (answer["status"], answer["duration"]) == ("completed", 60.0)


def test_two_servers_cannot_share_a_folder_or_a_port(tmp_path: Path) -> None:
    with SpeechProcess(tmp_path / "one", script={}) as speech:
        command = [sys.executable, "-m", "speechserver", "--key", "k"]
        same_folder = [*command, "--port", "0", "--data", str(tmp_path / "one")]
        same_port = [*command, "--port", str(speech.port), "--data", str(tmp_path / "two")]
        for arguments, why in ((same_folder, "lock"), (same_port, str(speech.port))):
            second = subprocess.run(arguments, capture_output=True, text=True, cwd=PROJECT, timeout=30)
            assert second.returncode == 1
            assert second.stderr.startswith("The speech server can't start (")
            assert why in second.stderr
            assert len(second.stderr.splitlines()) == 1
        assert upload(speech).status_code == 200


CHILD = """
import os, signal
from speechserver.jobs.process import exit_with_parent
exit_with_parent(os.getppid())
print("ready", os.getpid(), flush=True)
signal.pause()
"""
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"


def test_a_recogniser_dies_with_the_server() -> None:
    command = [sys.executable, "-c", PARENT, CHILD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as parent:
        assert parent.stdout is not None
        word, pid = parent.stdout.readline().split()
        assert word == "ready"
        child = psutil.Process(int(pid))
        parent.kill()
        child.wait(timeout=20)
