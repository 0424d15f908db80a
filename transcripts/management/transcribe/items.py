"""The files of one command, and what became of each."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from transcripts.services.recordings.uploads import clean_filename

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID


class State(StrEnum):
    """How far a file is; the last two are its ends."""

    WAITING = "Waiting"
    SENT = "In progress"
    WRITTEN = "Transcribed"
    FAILED = "Failed"


ENDS = (State.WRITTEN, State.FAILED)


@dataclass(slots=True)
class Item:
    """A file of `length` bytes. `is_known` says that the team had it before, `reason` why there is no result.

    One that `is_found` in a folder is no link: that could name a file which only this program may read.
    """

    path: Path
    length: int
    is_found: bool = False
    state: State = State.WAITING
    sent: int = 0
    stage: str = ""
    is_known: bool = False
    recording_id: UUID | None = None
    reason: str = ""
    failed_at: float = 0.0
    written: list[Path] = field(default_factory=list)
    duration_ms: int | None = None
    language: str = ""
    words: int | None = None
    doubtful_words: int | None = None

    @property
    def name(self) -> str:
        """What the file is called where people read it: names of files can hold anything."""
        return clean_filename(self.path.name)

    @property
    def is_ended(self) -> bool:
        """Whether nothing more happens to it in this command."""
        return self.state in ENDS

    @property
    def status(self) -> str:
        """What became of it, in words."""
        if self.state is State.FAILED and self.recording_id is None:
            return "Not sent"
        return "Already transcribed" if self.state is State.WRITTEN and self.is_known else self.state.value

    def fail(self, reason: str) -> None:
        """End it without a result."""
        self.state, self.reason, self.failed_at = State.FAILED, reason, time.monotonic()
