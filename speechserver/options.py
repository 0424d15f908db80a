"""The options of a transcription, as a client may set them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """What a client asked for.

    `language` is empty to detect it, `speakers` None to estimate how many there are; without `diarize` they aren't
    distinguished. `vocabulary` holds terms to spell right. With `words`, each with the second that it is expected at,
    the audio is not transcribed: it is found when each of them is spoken.
    """

    language: str = ""
    diarize: bool = True
    speakers: int | None = None
    vocabulary: tuple[str, ...] = ()
    words: tuple[tuple[str, float], ...] = ()
