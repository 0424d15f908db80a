"""A folder that is watched: files that are completely written are transcribed as they come.

Nothing but the database remembers what was done, so that a watch that is killed and begun again does nothing twice.
"""

from __future__ import annotations

import re
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.management.transcribe.items import Item, State
from transcripts.management.transcribe.sending import Stamp, stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from transcripts.management.transcribe.many import Run

SCAN_EVERY_S = 1.0
# So long a file doesn't change before it counts as complete
STILL_FOR_S = 5.0
# A reason why a file can't be taken may pass without a change of the file: a quota, a full disk, a failed job
AGAIN_AFTER_S = 60.0
# Names of files that programs are still writing, or write for themselves
UNFINISHED = re.compile(
    r"\..*|~.*|.*~|.*\.(part|partial|filepart|tmp|temp|crdownload|download|opdownload|swp)", re.I | re.S
)


@dataclass(slots=True)
class Seen:
    """A file as it was, since when, and whether it was taken so."""

    stamp: Stamp
    since: float
    is_taken: bool = False


class Watch:
    """`run` is given the files of `folder` that are complete; `say` is told, once, what became of each."""

    def __init__(self, folder: Path, run: Run, say: Callable[[str], object]) -> None:
        self.folder, self.run, self.say = folder, run, say
        self.seen: dict[Path, Seen] = {}
        self.told: dict[Path, str] = {}

    def forever(self) -> None:
        """Watch until the process is told to stop."""
        while True:
            self.scan(time.monotonic())
            self.run.round()
            self.tell(time.monotonic())
            time.sleep(SCAN_EVERY_S)

    def scan(self, now: float) -> None:
        """Give the run what has been complete for a while."""
        present = dict(self._present())
        self.seen = {path: seen for path, seen in self.seen.items() if path in present}
        for path, stamp in present.items():
            seen = self.seen.get(path)
            if seen is None or seen.stamp != stamp:
                self.seen[path] = Seen(stamp, now)
            elif not seen.is_taken and now - seen.since >= STILL_FOR_S:
                seen.is_taken = True
                self._take(path, stamp)

    def tell(self, now: float) -> None:
        """Say what has an end now, forget what has a result, and look again at what has none."""
        for item in self.run.items:
            if item.is_ended:
                self._tell(item)
            if item.state is State.FAILED and now - item.failed_at >= AGAIN_AFTER_S:
                item.state = State.SENT if item.recording_id else State.WAITING
        self.run.items = [item for item in self.run.items if item.state is not State.WRITTEN]

    def _present(self) -> Iterator[tuple[Path, Stamp]]:
        """Return the files that are there. Where a folder is away, as a network's can be, there are none."""
        with suppress(OSError):
            for path in sorted(self.folder.iterdir()):
                with suppress(OSError):
                    stamp = stamp_of(path)
                    if not UNFINISHED.fullmatch(path.name) and stat.S_ISREG(path.lstat().st_mode) and stamp.size:
                        yield path, stamp

    def _take(self, path: Path, stamp: Stamp) -> None:
        """Take a file; what it was before is still followed if it was sent."""
        self.run.items = [item for item in self.run.items if item.path != path or item.state is State.SENT]
        self.told.pop(path, None)
        self.run.items.append(Item(path, stamp.size, is_found=True))

    def _tell(self, item: Item) -> None:
        where = ", ".join(str(path) for path in item.written)
        said = f"{item.name}: {where or item.reason}"
        if self.told.get(item.path) != said:
            self.told[item.path] = said
            self.say(said)
