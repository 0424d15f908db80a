"""The final words of a live message, as events."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document import Segment
from transcripts.providers.live import Final, Partial, is_punctuation
from transcripts.providers.parsing.documents import read_words, with_text
from transcripts.providers.parsing.language_tags import read_language

if TYPE_CHECKING:
    from collections.abc import Sequence


def read_finals(key: str, text: str, listed_words: object, language: object) -> list[Final | Partial]:
    """Return what is final, one event a voice; without words the text alone, and without text the partial's end."""
    pairs = read_words(listed_words)
    segments = with_text([word for word, _ in pairs], [voice for _, voice in pairs], text) if pairs else ()
    return finals_of(key, segments or ((Segment(text),) if text else ()), read_language(language))


def finals_of(key: str, segments: Sequence[Segment], language: str | None = None) -> list[Final | Partial]:
    """Return segments as finals; without any, what seemed to be said is withdrawn."""
    if not segments:
        return [Partial(key, "")]
    names = [key, *(f"{key}.{number}" for number in range(1, len(segments)))]
    return [
        Final(name, replace(segment, language=language), is_tail=is_punctuation(segment.text))
        for name, segment in zip(names, segments, strict=True)
    ]
