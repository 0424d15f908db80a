"""A transcript as it is exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transcripts.document import Segment


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person should know about the audio or the text: a code and its values for programs, and a message."""

    code: str
    values: dict[str, Any]
    message: str


@dataclass(frozen=True, slots=True)
class Template:
    """A Word document that DOCX exports follow, and what its placeholders such as `{{ title }}` become, by name."""

    content: bytes
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Script:
    """A transcript as it is exported. The speakers of its segments are the labels that people gave them.

    `language` is that of most of the speech, each segment has its own. `details` are labels and values that documents
    show below the title, such as the date and who approved the text. `keys` name the rows of the segments.
    `template` is the team's, if it has one.
    """

    title: str
    language: str
    duration_ms: int | None
    engine: str
    segments: tuple[Segment, ...]
    notices: tuple[Notice, ...] = ()
    language_probability: float | None = None
    details: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = ()
    template: Template | None = None
