"""File permissions: what is stored below DATA_DIR can be read by its user only.

Standard library only, because the supervisor uses it before anything is installed.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE_UMASK = 0o077
OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What an instance stores directly below DATA_DIR, which may hold other files too.
STORED = ("media", "models", "redis", "run", "speech", "static", "*_key", "verbatim.sqlite3*")


@cache
def callers_umask() -> int:
    """Return the umask that this process was started with; the first to ask makes it private."""
    return os.umask(PRIVATE_UMASK)


def set_private_umask() -> int:
    """Make every file and folder that this process creates from now on private to its user; return the umask before.

    What is written for the caller, outside DATA_DIR, follows that one.
    """
    before = callers_umask()
    os.umask(PRIVATE_UMASK)
    return before


def tighten(data_dir: Path) -> None:
    """Revoke other users' access to what an earlier release left open to them.

    A private folder keeps everything below it private, so nothing deeper is visited.
    """
    for path in (path for pattern in STORED for path in data_dir.glob(pattern)):
        with suppress(OSError):  # deleted already, or owned by another user
            mode = path.stat().st_mode
            if mode & OTHERS:
                path.chmod(stat.S_IMODE(mode) & ~OTHERS)
