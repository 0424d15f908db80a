"""Joins a model again and again in `argv[2]`, each time killed one line later, until it is whole.

Writes how often it was killed. After each kill nothing incomplete may pass for a model.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speechserver import models
from speechserver.models import assembly, packages
from tests.speechserver.models import data_packages

if TYPE_CHECKING:
    from types import FrameType

lines = 0


def join_until(line: int, folder: Path) -> None:
    """Join in this process, which ends at the given line of assembly.py."""

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        global lines
        if frame.f_code.co_filename != assembly.__file__:
            return None
        lines += event == "line"
        if lines >= line:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    models.base(folder)
    os._exit(0)


def main(installed: Path, folder: Path) -> None:
    """Fork, kill, check; then let one process finish on what the others left."""
    data_packages.use(installed)
    for line in range(1, 10_000):
        if (child := os.fork()) == 0:
            join_until(line, folder)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            break
        joined = folder / "whisper-base"
        if assembly.is_whole(joined):
            assert not packages.altered_file(data_packages.expected(), joined), f"killed at line {line}"
            # The next process begins on an empty disk
            for path in joined.iterdir():
                path.unlink()
    models.verify(models.base(folder), folder)
    sys.stdout.write(str(line))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
