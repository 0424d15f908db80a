"""Child processes of the server: each ends when its parent ends, even by kill -9."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
# Where `python -m speechserver…` is started
WORKING_DIRECTORY = Path(__file__).resolve().parent.parent
# The longest line that a child may write: it holds one segment, and none comes near this
LINE_BYTES = 8 * 1024 * 1024
# OpenMP threads that spin while they wait would take the cores from pages; numpy needs one thread
ENVIRONMENT = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def exit_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        raise SystemExit(1)


def send(**message: object) -> None:
    """Send the parent a message: one line of JSON."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
