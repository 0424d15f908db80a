"""Open what was uploaded: as it is, past a false size in its header, or link by link."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

import av

from transcripts.media.decoder.declared import NO_SIZE, missing_share, samples_span
from transcripts.media.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import InputContainer

# A chunk of a RIFF file begins with four letters; audio that is read as such a name seldom does so twice.
LETTERS = frozenset(range(0x20, 0x7F))
# Sizes of more than 32 bits are said elsewhere.
LONG = 0xFFFFFFFF
MOST_LINKS = 10_000
SEARCH = 64 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the file that is a stream of its own; `end` is None for all the rest.

    `promised_ms` is how long its header promises it to be if the file ends before, `missing_share` how much is missing
    there by the size that the header gives, as a share of what is there. Samples past a false size are read as such
    from `raw_from` on.
    """

    start: int = 0
    end: int | None = None
    options: dict[str, str] = field(default_factory=dict)
    promised_ms: int | None = None
    missing_share: float = 0.0
    raw_from: int = 0


class Slice:
    """A stretch of a file as a file, for libav."""

    def __init__(self, path: Path, part: Part) -> None:
        self._file = path.open("rb")
        self._start = part.start
        self._size = (path.stat().st_size if part.end is None else part.end) - part.start
        self._file.seek(part.start)

    def read(self, size: int) -> bytes:
        """Read on."""
        return self._file.read(max(0, min(size, self._size - self.tell())))

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to an offset of the stretch."""
        base = (0, self.tell(), self._size)[whence]
        return self._file.seek(self._start + max(0, base + offset)) - self._start

    def tell(self) -> int:
        """Return the offset in the stretch."""
        return self._file.tell() - self._start

    def seekable(self) -> bool:
        """Say that any part of it can be gone to."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def parts_of(path: Path) -> list[Part]:
    """Return the streams that were joined to this file, one after the other; of nearly all files it is one."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] == b"OggS":
            return _sliced(list(_ogg_links(file, size)))
        if head[4:8] == b"ftyp":
            return _sliced(list(_mp4_files(file, size)))
        if head[:4] in (b"RIFF", b"RF64", b"RIFX") and head[8:] == b"WAVE":
            return _waves(file, size)
        return [Part(missing_share=missing_share(file, size), raw_from=_false_size(file, size))]


def opened(path: Path, part: Part) -> InputContainer:
    """Open a part. Raises av.FFmpegError."""
    options = {"protocol_whitelist": "file", "format_whitelist": FORMATS, **part.options}
    source = str(path) if not part.start and part.end is None else Slice(path, part)
    container: InputContainer = av.open(source, container_options=options, metadata_errors="replace")
    return _raw(path, part, container) if part.raw_from else container


def _raw(path: Path, part: Part, container: InputContainer) -> InputContainer:
    """Open the samples of a file whose header is right about all but their size; others are left as they are."""
    context = container.streams.audio[0].codec_context if container.streams.audio else None
    if context is None or not context.name.startswith("pcm_"):
        return container
    with container:
        name, rate, channels = context.name.removeprefix("pcm_"), context.sample_rate, context.channels
    options = {"sample_rate": str(rate), "ch_layout": f"{channels}c", "skip_initial_bytes": str(part.raw_from)}
    samples: InputContainer = av.open(
        str(path), format=name, container_options={"protocol_whitelist": "file", **options}
    )
    return samples


def _false_size(file: IO[bytes], size: int) -> int:
    """Return where the samples begin, if they should end before other samples; 0 if their size can be true."""
    file.seek(0)
    span = samples_span(file.read(SEARCH))
    return span[0] if span and not _is_chunk_or_end(file, span[1], size) else 0


def _sliced(starts: list[int]) -> list[Part]:
    if len(starts) < 2:
        return [Part()]
    return [Part(start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)]


def _ogg_links(file: IO[bytes], size: int) -> Iterator[int]:
    """Where a chained Ogg file's links begin: at a first page that follows pages of audio."""
    at, was_first, links = 0, False, 0
    while (found := _ogg_page(file, at)) and links < MOST_LINKS:
        at, is_first, length = found
        if is_first and not was_first:
            yield at
            links += 1
        at, was_first = at + length, is_first


def _ogg_page(file: IO[bytes], at: int) -> tuple[int, bool, int] | None:
    """Return where the next page is at or behind `at`, whether it is a stream's first, and its length."""
    file.seek(at)
    head = file.read(27)
    while head[:4] != b"OggS":
        rest = head + file.read(SEARCH)
        found = rest.find(b"OggS")
        if found < 0:
            if len(rest) < SEARCH:
                return None
            at += len(rest) - 3
        else:
            at += found
        file.seek(at)
        head = file.read(27)
    if len(head) < 27:
        return None
    return at, bool(head[5] & 2), 27 + head[26] + sum(file.read(head[26]))


def _mp4_files(file: IO[bytes], size: int) -> Iterator[int]:
    """Where MP4 files begin that were joined: at a second `ftyp` with an index (`moov`) of its own."""
    at, start, has_index = 0, 0, False
    while at + 8 <= size:
        file.seek(at)
        length, name = struct.unpack(">I4s", file.read(8))
        if length == 1:
            length = int.from_bytes(file.read(8), "big")
        if name == b"ftyp" and at and has_index:
            yield start
            start, has_index = at, False
        has_index |= name == b"moov"
        if length < 8:
            break
        at += length
    yield start


def _waves(file: IO[bytes], size: int) -> list[Part]:
    """Return the WAV files that were joined to this one, each with its false size read past."""
    starts: list[int] = []
    options: dict[str, str] = {}
    promised_ms, at = None, 0
    while at + 12 <= size and _begins_wave(file, at):
        starts.append(at)
        data = _wave_data(file, at + 12, size)
        if data is None:
            break
        at, promised_ms = data
        if not _is_chunk_or_end(file, at, size):
            options = {"ignore_length": "1"}
            break
        at = _skip_chunks(file, at, size)
    if len(starts) == 1:
        return [Part(options=options, promised_ms=promised_ms)]
    return [
        Part(start, end, options if end is None else {}) for start, end in zip(starts, [*starts[1:], None], strict=True)
    ]


def _begins_wave(file: IO[bytes], at: int) -> bool:
    file.seek(at)
    head = file.read(12)
    return head[:4] in (b"RIFF", b"RF64") and head[8:] == b"WAVE"


def _wave_data(file: IO[bytes], at: int, size: int) -> tuple[int, int | None] | None:
    """Return where the data of a WAV file should end and, if that is past the file, how long (ms) it should be."""
    rate, long_length = 0, LONG
    while at + 8 <= size:
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"fmt ":
            rate = int.from_bytes(file.read(16)[8:12], "little")
        if name == b"ds64":
            long_length = int.from_bytes(file.read(16)[8:], "little")
        if name == b"data" and length == LONG:
            length = long_length
        at += 8 + length + length % 2
        if name == b"data":
            is_promise = at > size + 1 and length < NO_SIZE and rate
            return at, length * 1000 // rate if is_promise else None
    return None


def _skip_chunks(file: IO[bytes], at: int, size: int) -> int:
    """Go past the chunks behind the data, to where another file may begin."""
    while at + 8 <= size and not _begins_wave(file, at):
        file.seek(at + 4)
        length = int.from_bytes(file.read(4), "little")
        at += 8 + length + length % 2
    return at


def _is_chunk_or_end(file: IO[bytes], at: int, size: int) -> bool:
    """Tell whether the data ends here: at the end of the file, a further chunk, or a few bytes that are no audio."""
    if at >= size - SEARCH // 16:
        return True
    file.seek(at)
    name, length = struct.unpack("<4sI", file.read(8))
    return set(name) <= LETTERS and length <= size - at
