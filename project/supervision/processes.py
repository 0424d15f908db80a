"""Linux process control: death signals and sessions."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def exit_with_parent(parent: int) -> None:
    """Have the kernel kill this process when `parent`, which must have started it, ends in any way."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)


def members(session: int) -> list[int]:
    """Return the processes of a session: its leader and the descendants that didn't leave it."""
    return [
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal() and _session(entry) == session
    ]


def _session(entry: Path) -> int | None:
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended while the list was read
        return None
    return None if fields[0] == "Z" else int(fields[3])


def kill_session(session: int) -> None:
    """Kill all processes of a session."""
    for pid in members(session):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
