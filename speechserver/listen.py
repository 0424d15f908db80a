"""One live session in one process: `python -m speechserver.listen MODELS LANGUAGE PARENT`.

It reads frames of audio, each behind its length (four bytes, little-endian); a length of zero asks to make final what
is left, the end of the input for that and a goodbye. `SPEECH_VOCABULARY` holds terms to spell right. It writes the
messages of `/v1/stream`, one JSON object a line.

A thread takes the frames and answers each with what seems to be said, from the start on; another loads the model and
drafts, and a third makes phrases final. If there is no model, or it can't keep up, an `error` ends the session.
"""

from __future__ import annotations

import os
import struct
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from speechserver.parent import die_with, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from speechserver.recogniser.live import LiveTranscription

VOCABULARY = "SPEECH_VOCABULARY"
LENGTH = struct.Struct("<I")
# Below pages and the audio on its way to the disk, above recordings
NICENESS = 5


def main() -> None:
    """Listen until the input ends."""
    models, language, parent = sys.argv[1:]
    die_with(int(parent))
    os.nice(NICENESS)
    Session().run(Path(models), language)


class Session:
    """Numbers the segments and says them."""

    _live: LiveTranscription

    def __init__(self) -> None:
        self._frames: SimpleQueue[bytes | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._beside = ThreadPoolExecutor(1)
        self._finding: Future[None] = self._beside.submit(lambda: None)
        self._segment = 0
        self._text = ""

    def run(self, models: Path, language: str) -> None:
        """Take frames, load the model, and hear until the input ends; then say the rest and goodbye."""
        say(type="ready")
        threading.Thread(target=self._read, daemon=True).start()
        # Loaded beside the thread: clients don't wait for an answer as long as these take
        from speechserver.recogniser.opening import NoModel, TooSlow, open_live

        try:
            self._live = open_live(models, language, os.environ.get(VOCABULARY, ""))
            self._listen()
        except NoModel as missing:
            say(type="error", code="no_recogniser", message=str(missing))
        except TooSlow as slow:
            say(type="error", code="too_slow", message=str(slow))

    def _listen(self) -> None:
        while (frames := self._next()) is not None:
            for frame in frames:
                self._take(frame)
            self._hear()
        self._flush()
        say(type="closed", duration=round(self._live.duration_s, 3))

    def _read(self) -> None:
        for frame in _frames():
            self._frames.put(frame)
            if frame:
                self._partial()
        self._frames.put(None)

    def _next(self) -> list[bytes] | None:
        """Return what has come since the last pass; waits for the first of it. None once there is no more."""
        frame = self._frames.get()
        frames = []
        while frame is not None:
            frames.append(frame)
            try:
                frame = self._frames.get_nowait()
            except Empty:
                return frames
        if frames:
            self._frames.put(None)
        return frames or None

    def _take(self, frame: bytes) -> None:
        if frame:
            self._live.hear(frame)
        else:
            self._flush()

    def _hear(self) -> None:
        """Let phrases that are over become final beside this thread, and draft."""
        if self._live.has_finals and self._finding.done():
            self._finding.result()  # raises what it raised
            self._finding = self._beside.submit(self._finals)
        self._live.draft()
        self._partial(self._live.text)

    def _flush(self) -> None:
        self._live.flush()
        self._finding.result()
        self._finals()
        self._partial("")

    def _finals(self) -> None:
        for segments, until_s in self._live.finals():
            with self._lock:
                for segment in segments:
                    say(type="final", segment=self._segment, **segment)
                    self._segment += 1
                self._live.settle(until_s)
            self._partial(self._live.text)

    def _partial(self, text: str | None = None) -> None:
        with self._lock:
            self._text = self._text if text is None else text
            say(type="partial", segment=self._segment, text=self._text)


def _frames() -> Iterator[bytes]:
    """Give the frames of the input; an empty one asks for finals."""
    while header := sys.stdin.buffer.read(LENGTH.size):
        yield sys.stdin.buffer.read(*LENGTH.unpack(header))


if __name__ == "__main__":
    main()
