"""The values a transcript is made of. Times are integer milliseconds from the start of the recording."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from transcripts.document import scripts


class Timing(StrEnum):
    """How a word came by its times."""

    MEASURED = "measured"  # the recogniser said so
    ALIGNED = "aligned"  # found in the audio, of a text that came without times
    RETAINED = "retained"  # kept from the word an edit replaced
    ESTIMATED = "estimated"  # interpolated between neighbours
    UNTIMED = "untimed"  # unknown


@dataclass(frozen=True, slots=True)
class Word:
    """One word as spoken. `confidence` is a probability from 0 to 1, None if the provider did not say."""

    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    confidence: float | None = None
    timing: Timing = Timing.UNTIMED


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one speaker. `speaker` is the provider's own label, None if it made none.

    `language` is a BCP-47 tag, None if the provider named none for this stretch alone.
    """

    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    speaker: str | None = None
    words: tuple[Word, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a provider understood of one piece of audio.

    `language` is that of most of the speech, `language_probability` how sure its detection is, None if it was not
    detected or nothing was said of it. `has_exact_speakers` is set if the provider says that its speakers don't come
    from their voices, which are otherwise an estimate. `is_draft` if it says that its recogniser is a
    small one.
    """

    segments: tuple[Segment, ...] = ()
    language: str | None = None
    duration_ms: int | None = None
    engine: str = ""
    language_probability: float | None = None
    has_exact_speakers: bool = False
    is_draft: bool = False

    @property
    def text(self) -> str:
        """The whole text, segments joined as their scripts are."""
        return scripts.joined(segment.text for segment in self.segments)
