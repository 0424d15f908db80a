"""Whether anything is lost between a file and its transcript.

Every English recording of the corpus whose text is exact goes through `manage.py transcribe` of a running instance; the
same 16 kHz audio that was prepared for the provider goes to the recogniser run by itself, as one utterance.
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from bench.recognition import bare
from bench.report import report
from tests.support.corpus import exact_english, word_errors
from tests.support.instance import Instance

AUDIO = """
    SELECT storage_name FROM transcripts_mediafile JOIN transcripts_recording r ON r.id = recording_id
    WHERE kind = 'audio' AND r.filename = ?
"""


def main() -> None:
    """Measure and print."""
    words = through = alone = worse = 0
    with tempfile.TemporaryDirectory() as name, Instance(Path(name)) as instance:
        for path, reference in exact_english():
            status, text, _ = instance.transcribe(path, "--language", "en", "--format", "vtt").result(timeout_s=600)
            assert status == 0, path.name
            ours, count = word_errors(reference, _words(text))
            theirs, _ = word_errors(reference, bare(_prepared(Path(name), path.name)))
            words, through, alone, worse = words + count, through + ours, alone + theirs, worse + (ours > theirs)
    report(
        "fidelity",
        words=words,
        wrong_through_verbatim=through,
        wrong_by_the_recogniser_alone=alone,
        recordings_that_came_out_worse=worse,
    )


def _words(vtt: str) -> str:
    """The text of the cues."""
    return " ".join(line for line in vtt.splitlines()[1:] if "-->" not in line)


def _prepared(data: Path, filename: str) -> Path:
    with sqlite3.connect(data / "verbatim.sqlite3") as database:
        [name] = database.execute(AUDIO, (filename,)).fetchone()
    return data / "media" / str(name)


if __name__ == "__main__":
    main()
