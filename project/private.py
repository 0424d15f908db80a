"""What is stored below DATA_DIR is its user's alone: recordings, transcripts, sessions, secrets.

Standard library only, because the supervisor uses it before anything is installed.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE_UMASK = 0o077
OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What an instance stores directly below DATA_DIR; the folder may hold more than ours.
OURS = ("media", "models", "redis", "run", "speech", "static", "*_key", "verbatim.sqlite3*")


def keep_private() -> None:
    """Let every file and folder that this process makes from now on belong to its user alone."""
    os.umask(PRIVATE_UMASK)


def tighten(data_dir: Path) -> None:
    """Revoke the access of other users to what an earlier release left open to them.

    A private folder keeps everything below it private, so nothing deeper is visited.
    """
    for path in (path for pattern in OURS for path in data_dir.glob(pattern)):
        with suppress(OSError):  # gone already, or another user's, who alone can change it
            mode = path.stat().st_mode
            if mode & OTHERS:
                path.chmod(stat.S_IMODE(mode) & ~OTHERS)
