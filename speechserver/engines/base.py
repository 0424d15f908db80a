"""What a recogniser is to the rest of the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Description:
    """What /health tells of an engine. `languages` is None where it knows every language."""

    name: str
    is_draft: bool
    languages: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the work: how far it is (0 to 1, by audio position) and a segment where one became ready.

    A segment is as the API answers it: speaker, start, end (seconds), text and words. `position_s` is how much
    audio has been heard, in seconds.
    """

    progress: float
    position_s: float
    segment: dict[str, Any] | None = None
    language: str = ""


class Engine(Protocol):
    """A recogniser that has loaded what it needs."""

    description: Description

    def transcribe(self, path: Path, language: str) -> Iterator[Step]:
        """Recognise a recording, step by step. Raises InvalidAudio where it cannot be decoded."""
