"""The only place that starts a subprocess."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from transcripts.media.confinement import landlock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CONFINE = Path(__file__).parent / "confinement" / "confine.py"
PACKAGE = Path(__file__).parents[1]

Confinement = Literal["landlock", "bubblewrap", "none"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a confined program may use: bytes of address space, seconds of processor, bytes a written file."""

    memory_bytes: int
    cpu_s: int
    file_bytes: int


@contextmanager
def confined(
    arguments: Sequence[str | Path],
    bounds: Bounds,
    *,
    errors: IO[bytes],
    reads: Sequence[Path] = (),
    writes: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program confined, its output a pipe; it is killed when the block is left before its end.

    Of files it can read its own code, the system's libraries and `reads`, and can write in the folder `writes`.
    """
    order = asdict(bounds) | {
        "reads": [str(path.resolve()) for path in reads],
        "writes": str(writes.resolve()) if writes else "",
        "code": code_folders(),
    }
    command = [sys.executable, "-I", "-S", str(CONFINE), json.dumps(order), *(str(part) for part in arguments)]
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=environment
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def confinement() -> Confinement:
    """Say what keeps decoders to their own files here."""
    if landlock.version():
        return "landlock"
    return "bubblewrap" if shutil.which("bwrap", path=os.defpath) else "none"


def code_folders() -> list[str]:
    """Where the code of this program is: Python's, the installed packages', this package's."""
    folders = [sys.prefix, sys.base_prefix, sys.exec_prefix, str(PACKAGE), str(Path(sys.executable).resolve().parent)]
    return list(dict.fromkeys(folders))
