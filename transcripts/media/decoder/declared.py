"""What a file's header says of sizes: of the file, for one that was cut off is smaller, and of its samples."""

from __future__ import annotations

import struct
from typing import IO

SEARCH = 64 * 1024
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
# Programs that write to a pipe don't know the size and leave the largest.
NO_SIZE = 0x7FFFFF00
W64_DATA = bytes.fromhex("64617461f3acd3118cd100c04f8edb8a")


def missing_share(file: IO[bytes], size: int) -> float:
    """Return how much is missing behind the end of the file, as a share of what is there; 0 if nothing is known."""
    file.seek(0)
    head = file.read(SEARCH)
    declared = _declared(head)
    return max(0.0, declared / size - 1) if declared and size else 0.0


def samples_span(head: bytes) -> tuple[int, int] | None:
    """Return where the samples begin and should end in an AU, AIFF, W64 or CAF file; None for others."""
    if head[:4] == b".snd":
        start, length = struct.unpack(">II", head[4:12])
        return None if length >= NO_SIZE else (start, start + length)
    if head[:4] == b"FORM":
        return _chunk(head, 12, b"SSND", ">4sI", before=0, skip=8)
    if head[:4] == b"caff":
        return _chunk(head, 8, b"data", ">4sq", before=0, skip=4)
    if head[:4] == b"riff":
        return _chunk(head, 40, W64_DATA, "<16sq", before=24, skip=0)
    return None


def _chunk(head: bytes, at: int, name: bytes, shape: str, *, before: int, skip: int) -> tuple[int, int] | None:
    """Find a chunk; its length counts the `before` bytes of its own head, its samples begin `skip` bytes into it."""
    size = struct.calcsize(shape)
    while at + size <= len(head):
        found, length = struct.unpack(shape, head[at : at + size])
        if found == name:
            start = at + size + skip
            return None if length < 0 else (start, max(start, at + size + length - before))
        if length < 0:
            return None
        at += size + length - before
        at += (-at) % 8 if before else (at % 2 if shape == ">4sI" else 0)
    return None


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
