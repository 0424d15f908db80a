"""Keys in files: `STT_API_KEY_FILE` and its like, and the credentials that systemd hands to a service.

A file is looked at for each use and read again when it has changed, so a secret store that writes it anew, or swaps a
symbolic link as Kubernetes does, needs no restart.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

# A service account's key is the longest, some 2,400 characters
MOST_BYTES = 64 * 1024

_read: dict[Path, tuple[tuple[int, int, int], str]] = {}


class Unreadable(Exception):
    """A file that should hold a key can't be read; the message is a sentence without what is in it."""


def path_of(variable: str) -> Path | None:
    """Return the file that holds the key in place of the variable; None if no file was named for it."""
    if named := settings.STT_API_KEY_FILES.get(variable):
        return Path(named)
    folder = settings.CREDENTIALS_DIRECTORY
    handed = Path(folder) / variable if folder else None
    return handed if handed is not None and handed.exists() else None


def key_in(path: Path) -> str:
    """Return the key in a file as it is now. Raises Unreadable."""
    try:
        state = path.stat()
        # A link that was swapped leads to another file
        version = (state.st_mtime_ns, state.st_ino, state.st_size)
        known = _read.get(path)
        if known is None or known[0] != version:
            _read[path] = known = (version, _content(path))
    except (OSError, ValueError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "it holds no text"
        raise Unreadable(f"The file {path}, which should hold the key, can’t be read: {why}.") from None
    if not known[1]:
        raise Unreadable(f"The file {path}, which should hold the key, is empty or holds no key.")
    return known[1]


def problem_of(variable: str) -> str:
    """Say why the file of a variable gives no key; nothing if it does or there is none."""
    path = path_of(variable)
    try:
        if path is not None:
            key_in(path)
    except Unreadable as problem:
        return str(problem)
    return ""


def _content(path: Path) -> str:
    with path.open("rb") as file:
        text = file.read(MOST_BYTES + 1).decode().strip()
    # A service account's key is JSON, and may have lines
    is_key = len(text) <= MOST_BYTES and (text.startswith("{") or text.isprintable())
    return text if is_key else ""
