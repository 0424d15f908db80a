"""Joins a model again and again in `argv[2]`, each time killed one line later, until it is whole.

Writes how often it was killed. After each death nothing may pass for a model that isn't one.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speechserver import models
from tests.speechserver import data_packages

if TYPE_CHECKING:
    from types import FrameType

lines = 0


def join_until(line: int, folder: Path) -> None:
    """Join in this process, which ends at the given line of models.py."""

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        global lines
        if frame.f_code.co_filename != models.__file__:
            return None
        lines += event == "line"
        if lines >= line:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    models.base(folder)
    os._exit(0)


def main(packages: Path, folder: Path) -> None:
    """Fork, die, look; then let one life reach its end on what the others left."""
    data_packages.use(packages)
    for line in range(1, 10_000):
        if (child := os.fork()) == 0:
            join_until(line, folder)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            break
        joined = folder / "whisper-base"
        if models._is_whole(joined):
            assert not models._altered(data_packages.expected(), joined), f"killed at line {line}"
            # What follows is a life after this one on an empty disk
            for path in joined.iterdir():
                path.unlink()
    models.verify(models.base(folder), folder)
    sys.stdout.write(str(line))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
