"""How large a file's header says that the file is: one that was cut off is smaller."""

from __future__ import annotations

import struct
from typing import IO

SEARCH = 64 * 1024
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
# Programs that write to a pipe don't know the size and leave the largest.
NO_SIZE = 0x7FFFFF00


def missing_share(file: IO[bytes], size: int) -> float:
    """Return how much is missing behind the end of the file, as a share of what is there; 0 if nothing is known."""
    file.seek(0)
    head = file.read(SEARCH)
    declared = _declared(head)
    return max(0.0, declared / size - 1) if declared and size else 0.0


def _declared(head: bytes) -> int | None:
    if head[:4] == b"RIFF":
        return _known(8 + int.from_bytes(head[4:8], "little"))
    if head[:4] == b"FORM":
        return _known(8 + int.from_bytes(head[4:8], "big"))
    if head[:4] == b"riff":
        return int.from_bytes(head[16:24], "little")
    if head[:4] == b"DSD ":
        return int.from_bytes(head[12:20], "little")
    if head[:4] == b"caff":
        return _of_caf(head)
    if head[:16] == ASF:
        at = head.find(ASF_PROPERTIES)
        return int.from_bytes(head[at + 40 : at + 48], "little") if at > 0 else None
    return None


def _known(size: int) -> int | None:
    return size if size < NO_SIZE else None


def _of_caf(head: bytes) -> int | None:
    at = 8
    while at + 12 <= len(head):
        name, length = struct.unpack(">4sq", head[at : at + 12])
        if name == b"data":
            return None if length < 0 else at + 12 + length
        if length < 0:
            return None
        at += 12 + length
    return None
