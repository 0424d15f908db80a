"""Where stored files lie. Names are ours and relative to the media storage."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKSPACES = "work"


def path_of(name: str) -> Path:
    """Return where the file of this name lies, whether or not it exists."""
    return Path(settings.MEDIA_ROOT) / name


@contextmanager
def workspace() -> Iterator[Path]:
    """Give a folder on the same file system as the storage, gone with the block."""
    parent = path_of(WORKSPACES)
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        yield Path(folder)


def keep(source: Path, name: str) -> int:
    """Move a finished file into the storage so that it is there whole or not at all; return its bytes."""
    target = path_of(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.replace(target)
    sync_folder(target.parent)
    return target.stat().st_size


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(name: str) -> None:
    """Delete a stored file; one that is gone already is no error."""
    with suppress(FileNotFoundError):
        path_of(name).unlink()
