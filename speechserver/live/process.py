"""The process of one live session: `python -m speechserver.live.process MODELS LANGUAGE PARENT`.

It reads what `speechserver.live.wire` describes and writes the messages of `/v1/stream`, one JSON object a line.

One thread reads the frames and answers each with the current partial, from the start on; another loads the model and
drafts, and a third makes phrases final. If there is no model, or it can't keep up, an `error` ends the session.
"""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from speechserver.child import exit_with_parent, send
from speechserver.live.wire import LENGTH, VOCABULARY_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from speechserver.recogniser.live import LiveTranscription

# Below pages and the audio on its way to the disk, above recordings
NICENESS = 5


def main() -> None:
    """Transcribe until the input ends."""
    models, language, parent = sys.argv[1:]
    exit_with_parent(int(parent))
    os.nice(NICENESS)
    Session().run(Path(models), language)


class Session:
    """Numbers the segments and sends them."""

    _live: LiveTranscription

    def __init__(self) -> None:
        self._frames: SimpleQueue[bytes | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(1)  # makes phrases final
        self._finalising: Future[None] = self._executor.submit(lambda: None)
        self._segment = 0
        self._text = ""

    def run(self, models: Path, language: str) -> None:
        """Read frames, load the model, transcribe until the input ends; then send the rest and `closed`."""
        send(type="ready")
        threading.Thread(target=self._read, daemon=True).start()
        # Imported while the thread already answers: clients don't wait for an answer as long as this takes
        from speechserver.recogniser.live_setup import ModelUnavailable, TooSlow, open_session

        try:
            self._live = open_session(models, language, os.environ.get(VOCABULARY_VARIABLE, ""))
            self._transcribe()
        except ModelUnavailable as error:
            send(type="error", code="no_recogniser", message=str(error))
        except TooSlow as error:
            send(type="error", code="too_slow", message=str(error))

    def _transcribe(self) -> None:
        while (frames := self._next_frames()) is not None:
            for frame in frames:
                self._feed(frame)
            self._update()
        self._flush()
        send(type="closed", duration=round(self._live.duration_s, 3))

    def _read(self) -> None:
        for frame in _frames():
            self._frames.put(frame)
            if frame:
                self._send_partial()
        self._frames.put(None)

    def _next_frames(self) -> list[bytes] | None:
        """Return all frames that are queued; wait for the first of them. None at the end of the input."""
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

    def _feed(self, frame: bytes) -> None:
        if frame:
            self._live.feed(frame)
        else:
            self._flush()

    def _update(self) -> None:
        """Draft here while the executor makes complete phrases final."""
        if self._live.has_finals and self._finalising.done():
            self._finalising.result()  # raises what it raised
            self._finalising = self._executor.submit(self._send_finals)
        self._live.draft()
        self._send_partial(self._live.text)

    def _flush(self) -> None:
        self._live.flush()
        self._finalising.result()
        self._send_finals()
        self._send_partial("")

    def _send_finals(self) -> None:
        for segments, until_s in self._live.finals():
            with self._lock:
                for segment in segments:
                    send(type="final", segment=self._segment, **segment)
                    self._segment += 1
                self._live.settle(until_s)
            self._send_partial(self._live.text)

    def _send_partial(self, text: str | None = None) -> None:
        with self._lock:
            self._text = self._text if text is None else text
            send(type="partial", segment=self._segment, text=self._text)


def _frames() -> Iterator[bytes]:
    """Yield the frames of the input; an empty one asks for finals."""
    while header := sys.stdin.buffer.read(LENGTH.size):
        yield sys.stdin.buffer.read(*LENGTH.unpack(header))


if __name__ == "__main__":
    main()
