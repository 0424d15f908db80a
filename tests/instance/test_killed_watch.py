"""kill -9 of a watch: begun again, it does nothing twice and misses nothing."""

from __future__ import annotations

import signal
import sqlite3
from typing import TYPE_CHECKING

from tests.support.audio import write_tone
from tests.support.instance import Instance
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


def said(process: subprocess.Popen[str], beginning: str) -> str:
    """Wait until the command says a line that begins so."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(beginning):
            return line
    raise AssertionError(f"It ended without {beginning}")


def test_a_watch_that_is_killed_is_continued_by_the_next(tmp_path: Path) -> None:
    incoming, out = tmp_path / "in", tmp_path / "out"
    incoming.mkdir()
    write_tone(incoming / "one.wav", hertz=300)
    arguments = ("transcribe", "--watch", incoming, "--out", out, "--format", "srt")
    with (
        SpeechProcess(tmp_path / "speech", script={"seconds": None, "answer": "all of it"}) as provider,
        Instance(
            tmp_path / "data", STT_API_ENDPOINT=provider.url, STT_API_KEY=provider.key, STT_LIMITS="none"
        ) as instance,
    ):
        first = instance.manage(*arguments)
        said(first, "Watching")
        provider.until_taken()
        first.kill()
        first.communicate()
        write_tone(incoming / "two.wav", hertz=400)
        provider.release()
        provider.rescript({"answer": "all of it"})
        second = instance.manage(*arguments)
        said(second, "Watching")
        assert second.stdout is not None
        written = {second.stdout.readline() for _ in range(2)}
        assert written == {f"{name}.wav: {out / name}.srt\n" for name in ("one", "two")}
        second.send_signal(signal.SIGTERM)
        assert second.communicate(timeout=30)[0].startswith("Stopped watching")
        assert second.returncode == 0
        with sqlite3.connect(tmp_path / "data" / "verbatim.sqlite3") as database:
            assert database.execute("select count(*) from transcripts_recording").fetchone() == (2,)
