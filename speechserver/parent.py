"""Processes of the server: each ends when the one that started it ends, even by kill -9."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
PROJECT = Path(__file__).resolve().parent.parent


def die_with(parent: int) -> None:
    """End this process when its parent ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        raise SystemExit(1)


def say(**line: object) -> None:
    """Tell the parent something: one JSON object a line."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
