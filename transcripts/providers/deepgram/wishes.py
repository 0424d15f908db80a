"""What Deepgram is told beside the audio, for recordings and live speech alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers.deepgram.models import MODEL, MODELS
from transcripts.providers.errors import MediaRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.providers.base import Connection, Options, Term

HEAVIEST = 5.0
# In place of a language if several are spoken.
SEVERAL = "multi"


def wishes(connection: Connection, options: Options) -> dict[str, str | list[str]]:
    """Return what both ways of transcribing take alike, but for the language."""
    model = connection.model or MODEL
    return {
        "model": model,
        **_marks(options),
        **({"diarize_model": "latest"} if options.separates_speakers else {}),
        **({"profanity_filter": "true"} if options.masks_profanity else {}),
        **_terms(model, options.vocabulary),
    }


def languages(connection: Connection, options: Options) -> dict[str, str | list[str]]:
    """Return how one or several languages are named; nothing if none is. Raises MediaRefused."""
    if not options.languages:
        return {"language": options.language} if options.language else {}
    named = [tag.partition("-")[0].lower() for tag in (options.language, *options.languages) if tag]
    several = MODELS.of(connection.model).several
    if not set(named) <= set(several):
        among = f"only if they are among {', '.join(several)}" if several else "not with this account’s model"
        raise MediaRefused(f"Deepgram transcribes several languages {among}")
    return {"language": SEVERAL, "language_hint": list(dict.fromkeys(named))}


def _marks(options: Options) -> dict[str, str]:
    return dict.fromkeys(("punctuate", "smart_format", "numerals"), "true") if options.punctuates else {}


def _terms(model: str, vocabulary: Sequence[Term]) -> dict[str, list[str]]:
    rule = MODELS.of(model).vocabulary
    terms = rule.fitting(vocabulary) if rule else ()
    if not terms:
        return {}
    if rule and rule.takes_weights:
        return {"keywords": [f"{term.text}:{min(term.weight, HEAVIEST):g}" for term in terms]}
    return {"keyterm": [term.text for term in terms]}


def spelled(words: object) -> object:
    """Return a list of words with each as it is written in the text, its punctuation included."""
    if not isinstance(words, list):
        return words
    return [
        {**word, "word": word.get("punctuated_word") or word.get("word")} if isinstance(word, dict) else word
        for word in words
    ]
