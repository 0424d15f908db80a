"""One job in one process: `python -m speechserver.recognise ENGINE AUDIO LANGUAGE PARENT`.

It writes one JSON object a line: `{"progress": …, "position": …}`, with `segment` and `language` where there
are any, and at the end `{"done": true}` or `{"failed": {"code": …, "message": …}}`. It dies with the server.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from speechserver import engines
from speechserver.audio import InvalidAudio

PR_SET_PDEATHSIG = 1
# Decoder, model and one utterance need a quarter of this; a hostile file gets no more.
MEMORY_BYTES = 2 * 1024**3


def main() -> None:
    """Recognise the file named on the command line."""
    engine_name, audio, language, parent = sys.argv[1:]
    die_with(int(parent))
    if engine_name == "pocketsphinx":
        # A Whisper model maps as much as it weighs, which only its owner knows.
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    say(**recognise(engine_name, Path(audio), language))


def recognise(engine_name: str, audio: Path, language: str) -> dict[str, Any]:
    """Report every step; return the last line."""
    try:
        for step in engines.load(engine_name).transcribe(audio, language):
            say(progress=round(step.progress, 4), position=step.position_s, **_extras(step))
    except InvalidAudio as error:
        return {"failed": {"code": "invalid_audio", "message": str(error)}}
    except MemoryError:
        return {"failed": {"code": "invalid_audio", "message": "Audio needs more memory than one job may use"}}
    return {"done": True}


def _extras(step: engines.Step) -> dict[str, Any]:
    extras: dict[str, Any] = {"segment": step.segment, "language": step.language}
    return {name: value for name, value in extras.items() if value}


def say(**line: object) -> None:
    """Tell the server something."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def die_with(parent: int) -> None:
    """End this process when the server ends, even by kill -9."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        raise SystemExit(1)


if __name__ == "__main__":
    main()
