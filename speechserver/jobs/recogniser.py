"""What the queue needs of a recogniser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from speechserver.jobs.store import Job


@dataclass(frozen=True, slots=True)
class Description:
    """What /health says about a recogniser. `languages` is None if it knows every language.

    One that `aligns` finds when the words of a known text are spoken.
    """

    name: str
    is_draft: bool
    languages: tuple[str, ...] | None
    aligns: bool = False


class JobFailed(Exception):
    """A job can't be completed. `code` is for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Recogniser(Protocol):
    """What transcribes a job: a model in a process of its own, or a script."""

    @property
    def description(self) -> Description:
        """What /health says."""

    @property
    def parallel(self) -> int:
        """How many jobs it transcribes in parallel."""

    async def transcribe(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        """Return the completed answer, or the times of its words; report the progress, 0 to 1. Raises JobFailed."""

    async def close(self) -> None:
        """Release its processes; no job is running."""
