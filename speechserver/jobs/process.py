"""The process that transcribes recordings, one after the other: `python -m speechserver.jobs.process MODELS PARENT`.

It writes `ready` once its model is loaded, with what /health sends about it, or `missing` with a message and ends. It
then reads one job a line, a JSON object with `audio` and the fields of `Options`, and answers each with lines of
`{"progress": …}`, one `{"segment": …}` for each segment, and at the end `{"done": {…}}` with the rest of the answer or
`{"failed": {"code": …, "message": …}}`. A job with words ends with `{"aligned": {…}}`, the whole of its
answer. It runs at low priority, because pages and live speech come first.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speechserver.audio import InvalidAudio
from speechserver.child import exit_with_parent, send
from speechserver.jobs.decoder import decoded
from speechserver.models import ModelUnavailable
from speechserver.options import Options
from speechserver.recogniser.alignment import Alignment, Expected
from speechserver.recogniser.loader import load_configured, threads
from speechserver.recogniser.recording import Transcription

if TYPE_CHECKING:
    from speechserver.recogniser.whisper import Whisper

NICENESS = 15


def main() -> None:
    """Transcribe jobs until the input ends."""
    models, parent = sys.argv[1:]
    exit_with_parent(int(parent))
    os.nice(NICENESS)
    try:
        model, whisper, fallback = load_configured(Path(models), passes=threads())
    except ModelUnavailable as error:
        send(missing=str(error))
        return
    send(ready={"name": model.name, "draft": model.is_small, "languages": whisper.languages, "fallback": fallback})
    for line in sys.stdin:
        job = json.loads(line)
        audio, options = Path(job.pop("audio")), Options(**job)
        send(**(align if options.words else transcribe)(whisper, audio, options))


def align(whisper: Whisper, audio: Path, options: Options) -> dict[str, Any]:
    """Send progress; return the last message."""
    read = 0.0  # of the file

    def report() -> None:
        send(progress=round(read * alignment.share_done, 4))

    alignment = Alignment(whisper, options.language, [Expected(*word) for word in options.words], report)
    try:
        for samples, share in decoded(audio):
            read = share
            alignment.feed(samples)
    except InvalidAudio as error:
        return {"failed": {"code": "invalid_audio", "message": str(error)}}
    return {"aligned": alignment.finish()}


def transcribe(whisper: Whisper, audio: Path, options: Options) -> dict[str, Any]:
    """Send progress and segments; return the last message."""
    read = 0.0  # of the file

    def report() -> None:
        send(progress=round(read * transcription.share_done, 4))

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
        send(segment=segment)
    return {"done": answer}


if __name__ == "__main__":
    main()
