"""Where files are stored. Names are ours and relative to the media storage.

A part of the disk (DISK_RESERVE_MB) is left to live audio and the database: an upload waits, a person who speaks does
not.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKSPACES = "work"


def path_of(name: str) -> Path:
    """Return the path of the file of this name, whether or not it exists."""
    return Path(settings.MEDIA_ROOT) / name


def free_bytes() -> int:
    """Return how many bytes may be stored besides live audio: what is free, less the reserve."""
    root = path_of("")
    root.mkdir(parents=True, exist_ok=True)
    disk = shutil.disk_usage(root)
    # A small disk keeps a tenth of itself
    reserve: int = min(settings.DISK_RESERVE_MB * 10**6, disk.total // 10)
    return disk.free - reserve


def require_free_space(size: int = 0) -> None:
    """Raise OSError (no space left) if so many bytes would take from the reserve."""
    if size > free_bytes():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def workspace() -> Iterator[Path]:
    """Give a folder on the same file system as the storage, gone with the block."""
    parent = path_of(WORKSPACES)
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        yield Path(folder)


def store(source: Path, name: str) -> int:
    """Move a finished file into the storage so that it is there whole or not at all; return its bytes."""
    target = path_of(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.replace(target)
    sync_folder(target.parent)
    return target.stat().st_size


def link(source: str, name: str) -> None:
    """Give a stored file a second name; where the file system has no links, copy it. Both are removed apart."""
    target = path_of(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path_of(source), target)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EXDEV, errno.ENOTSUP, errno.EMLINK):
            raise
        shutil.copyfile(path_of(source), target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def names_in(folder: str) -> list[str]:
    """Return the names of the files in a folder of the storage; none if there is no such folder."""
    path = path_of(folder)
    return [f"{folder}/{file.name}" for file in path.iterdir() if file.is_file()] if path.is_dir() else []


def remove(name: str) -> None:
    """Delete a stored file; one that is gone already is no error."""
    with suppress(FileNotFoundError):
        path_of(name).unlink()
