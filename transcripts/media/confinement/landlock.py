"""Landlock: the kernel refuses this process all files but those that are named. See landlock(7)."""

from __future__ import annotations

import ctypes
import os
import struct

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION, RULE_PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
# Rights that came with each version of Landlock: 13 first, then moving between folders, truncating, device control.
FIRST, REFER, TRUNCATE, IOCTL_DEV = (1 << 13) - 1, 1 << 13, 1 << 14, 1 << 15
TCP = 0b11
SCOPES = 0b11
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READ = EXECUTE | READ_FILE | READ_DIR

libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Return the kernel's version of Landlock, 0 if it has none."""
    found: int = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION)
    return max(0, found)


def handled(version: int) -> int:
    """Return the rights over files that this version can refuse."""
    later = ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV))
    return FIRST | sum(right for since, right in later if version >= since)


def restrict(reads: list[str], writes: list[str]) -> bool:
    """Refuse this process, and all it starts, files other than these; False if the kernel can't do that."""
    known = version()
    if not known:
        return False
    rights = handled(known)
    attributes = struct.pack("=QQQ", rights, TCP if known >= 4 else 0, SCOPES if known >= 6 else 0)
    size = 8 if known < 4 else 16 if known < 6 else 24
    ruleset = libc.syscall(CREATE_RULESET, attributes, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    for path in reads:
        _allow(ruleset, path, READ & rights)
    for path in writes:
        _allow(ruleset, path, rights & ~EXECUTE)
    done: int = libc.syscall(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return done == 0


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Allow the rights below a path, those of a file if it is one; a path that is not there needs none."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):  # noqa: PTH112 - the script imports as little as it can
        rights &= FILE_RIGHTS
    rule = struct.pack("=Qi", rights, handle)
    libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, rule, 0)
    os.close(handle)
