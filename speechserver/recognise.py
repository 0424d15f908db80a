"""The process that transcribes recordings, one after the other: `python -m speechserver.recognise MODELS PARENT`.

It says `ready` once its model is loaded, with what /health tells of it, or `missing` with a message and ends. It then
reads a job a line, a JSON object with `audio` and the wishes of `Options`, and answers each with lines of
`{"progress": …}`, one `{"segment": …}` for each segment, and at the end `{"done": {…}}` with the rest of the answer or
`{"failed": {"code": …, "message": …}}`. It works at low priority, for pages and live speech go first.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speechserver.audio import InvalidAudio
from speechserver.decode import decoded
from speechserver.jobs import Options
from speechserver.models import NoModel
from speechserver.parent import die_with, say
from speechserver.recogniser.loading import load_wanted, threads
from speechserver.recogniser.recording import Transcription

if TYPE_CHECKING:
    from speechserver.recogniser.whisper import Whisper

NICENESS = 15


def main() -> None:
    """Serve jobs until the input ends."""
    models, parent = sys.argv[1:]
    die_with(int(parent))
    os.nice(NICENESS)
    try:
        model, whisper, instead = load_wanted(Path(models), passes=threads())
    except NoModel as missing:
        say(missing=str(missing))
        return
    say(ready={"name": model.name, "draft": model.is_small, "languages": whisper.languages, "instead": instead})
    for line in sys.stdin:
        job = json.loads(line)
        say(**transcribe(whisper, Path(job.pop("audio")), Options(**job)))


def transcribe(whisper: Whisper, audio: Path, options: Options) -> dict[str, Any]:
    """Report progress and segments; return the last line."""
    read = 0.0  # of the file

    def report() -> None:
        say(progress=round(read * transcription.share_done, 4))

    transcription = Transcription(whisper, options, report)
    try:
        for samples, share in decoded(audio):
            read = share
            transcription.feed(samples)
            report()
    except InvalidAudio as error:
        return {"failed": {"code": "invalid_audio", "message": str(error)}}
    answer = transcription.finish()
    for segment in answer.pop("segments"):
        say(segment=segment)
    return {"done": answer}


if __name__ == "__main__":
    main()
