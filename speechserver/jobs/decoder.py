"""Decode one recording in a process of its own: `python -m speechserver.jobs.decoder AUDIO PARENT`.

It writes pieces of 16-bit samples at 16 kHz, each behind a header (`HEAD`) with the share of the file that was read (0
to 1) and its length in bytes. A share of -1 precedes an error message instead. A hostile file harms only this process.
"""

from __future__ import annotations

import contextlib
import os
import resource
import struct
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from speechserver.audio import InvalidAudio, read_samples
from speechserver.child import WORKING_DIRECTORY, exit_with_parent

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import IO

HEAD = struct.Struct("<dI")
REFUSED = -1.0
# A decoder needs a tenth of this
MEMORY_BYTES = 2 * 1024**3
# The model is faster with a second at a time than with a packet at a time
PIECE_BYTES = 32_000


def decoded(audio: Path) -> Generator[tuple[bytes, float]]:
    """Yield samples and the share of the file read, from a process that ends with this generator.

    Raises InvalidAudio with a message for people.
    """
    command = [sys.executable, "-m", "speechserver.jobs.decoder", str(audio), str(os.getpid())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=WORKING_DIRECTORY) as process:
        assert process.stdout is not None
        try:
            yield from _pieces(process.stdout)
        finally:
            process.kill()
    if process.returncode not in (0, -9):
        raise InvalidAudio("Audio could not be decoded")


def _pieces(pipe: IO[bytes]) -> Iterator[tuple[bytes, float]]:
    share = 0.0
    while head := pipe.read(HEAD.size):
        share, size = HEAD.unpack(head)
        content = pipe.read(size)
        if share == REFUSED:
            raise InvalidAudio(content.decode())
        yield content, share
    if share < 1.0:
        raise InvalidAudio("Audio could not be decoded")


def main() -> None:
    """Decode what the command line names."""
    audio, parent = sys.argv[1:]
    exit_with_parent(int(parent))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    with contextlib.suppress(BrokenPipeError):
        try:
            _write_all(Path(audio))
        except InvalidAudio as error:
            _write(str(error).encode(), REFUSED)
        except MemoryError:
            _write(b"Audio needs more memory than one job may use", REFUSED)


def _write_all(audio: Path) -> None:
    buffer = bytearray()
    for samples, share in read_samples(audio):
        buffer += samples
        if len(buffer) >= PIECE_BYTES or share == 1.0:
            _write(bytes(buffer), share)
            buffer.clear()
    _write(bytes(buffer), 1.0)


def _write(content: bytes, share: float) -> None:
    sys.stdout.buffer.write(HEAD.pack(share, len(content)) + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
