"""Whether anything is lost between a file and its transcript.

Every recording of the corpus whose text is exact goes through `manage.py transcribe` of a running instance with Whisper
base; the same 16 kHz audio that was prepared for the provider goes to Whisper base directly.
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from bench.recogniser.accuracy import errors, recordings
from bench.recogniser.recognition import text_of, transcribe
from bench.report import report
from speechserver import models
from speechserver.recogniser.whisper import Whisper
from tests.support.instance import Instance

AUDIO = """
    SELECT storage_name FROM transcripts_mediafile JOIN transcripts_recording r ON r.id = recording_id
    WHERE kind = 'audio' AND r.filename = ?
"""


def main() -> None:
    """Measure and print."""
    words = through = direct = worse = 0
    with tempfile.TemporaryDirectory() as name, Instance(Path(name), WHISPER_MODEL="base") as instance:
        whisper = Whisper(models.find("base", Path(name) / "models").path, passes=2)
        for one in (one for one in recordings() if one.reference):
            status, text, _ = instance.transcribe(one.path, "--format", "vtt").result(timeout_s=600)
            assert status == 0, one.path.name
            ours, count = errors(one.language, one.reference, _words(text))
            answer = transcribe(whisper, _prepared(Path(name), one.path.name))
            theirs, _ = errors(one.language, one.reference, text_of(answer))
            words, through, direct, worse = words + count, through + ours, direct + theirs, worse + (ours > theirs)
    report(
        "fidelity",
        words=words,
        wrong_through_verbatim=through,
        wrong_by_the_recogniser_alone=direct,
        recordings_worse_through_verbatim=worse,
    )


def _words(vtt: str) -> str:
    """Return the text of the cues."""
    return " ".join(line for line in vtt.splitlines()[1:] if "-->" not in line)


def _prepared(data: Path, filename: str) -> Path:
    with sqlite3.connect(data / "verbatim.sqlite3") as database:
        [name] = database.execute(AUDIO, (filename,)).fetchone()
    return data / "media" / str(name)


if __name__ == "__main__":
    main()
