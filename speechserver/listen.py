"""One live session in one process: `python -m speechserver.listen PARENT`.

It reads frames of sound, each behind its length (four bytes, little-endian); a length of zero asks for what is left to
be said for good, the end of the input for that and a goodbye. It writes the messages of `/v1/stream`, one JSON object a
line, at least one for each frame. It dies with the server.
"""

from __future__ import annotations

import resource
import struct
import sys
from typing import TYPE_CHECKING, Any

from speechserver.engines.sphinx_live import LiveSphinx
from speechserver.recognise import MEMORY_BYTES, die_with, say

if TYPE_CHECKING:
    from collections.abc import Iterable

LENGTH = struct.Struct("<I")


def main() -> None:
    """Listen until the input ends."""
    die_with(int(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    session = Session()
    say(type="ready")
    while header := sys.stdin.buffer.read(LENGTH.size):
        (size,) = LENGTH.unpack(header)
        session.hear(sys.stdin.buffer.read(size)) if size else session.flush()
    session.flush()
    say(type="closed", duration=round(session.live.duration_s, 3))


class Session:
    """Numbers the segments and says them."""

    def __init__(self) -> None:
        self.live = LiveSphinx()
        self._segment = 0

    def hear(self, samples: bytes) -> None:
        """Say what became final, then what seems to be said."""
        self._finals(self.live.hear(samples))
        say(type="partial", segment=self._segment, text=self.live.guess())

    def flush(self) -> None:
        """Say the rest for good, and take back what only seemed to be said."""
        self._finals(self.live.flush())
        say(type="partial", segment=self._segment, text="")

    def _finals(self, segments: Iterable[dict[str, Any]]) -> None:
        for segment in segments:
            say(type="final", segment=self._segment, language="en", **segment)
            self._segment += 1


if __name__ == "__main__":
    main()
