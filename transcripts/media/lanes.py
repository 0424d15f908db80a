"""Outputs written beside the decoding, each in a thread of its own: libav lets others run while it works."""

from __future__ import annotations

import threading
from queue import Queue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# Frames of a third of a second that wait for an output; decoding waits for it beyond that.
MOST_WAITING = 8


class Lane:
    """Does what it is told in order, in its thread; what went wrong there is raised by the next call."""

    def __init__(self) -> None:
        self._acts: Queue[Callable[[], object] | None] = Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._failure: BaseException | None = None
        self._thread.start()

    def do(self, act: Callable[..., object], *arguments: Any) -> None:
        """Let the thread do this next."""
        self._raise()
        self._acts.put(lambda: act(*arguments))

    def finish(self) -> None:
        """Return once all is done."""
        self._end()
        self._raise()

    def stop(self) -> None:
        """Drop what isn't done yet; nothing runs here any more afterwards."""
        self._failure = self._failure or InterruptedError()
        self._end()

    def _end(self) -> None:
        if self._thread.is_alive():
            self._acts.put(None)
            self._thread.join()

    def _raise(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _work(self) -> None:
        while (act := self._acts.get()) is not None:
            if self._failure is None:
                try:
                    act()
                except BaseException as failure:
                    self._failure = failure


class Inline:
    """A lane without a thread, for what is too little to be worth one."""

    def do(self, act: Callable[..., object], *arguments: Any) -> None:
        """Do it now."""
        act(*arguments)

    def finish(self) -> None:
        """Return: all is done."""

    stop = finish
