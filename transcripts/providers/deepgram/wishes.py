"""What Deepgram is told beside the audio, for recordings and live speech alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers.errors import MediaRefused
from transcripts.providers.registry import DEEPGRAM_SEVERAL, DEEPGRAM_TERMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.providers.base import Connection, Options, Term

MODEL = "nova-3"
# Models that take key terms; the older ones take keywords with a weight.
TAKES_KEYTERMS = ("nova-3", "flux")
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


def languages(options: Options) -> dict[str, str | list[str]]:
    """Return how one or several languages are named; nothing if none is. Raises MediaRefused."""
    if not options.languages:
        return {"language": options.language} if options.language else {}
    named = [tag.partition("-")[0].lower() for tag in (options.language, *options.languages) if tag]
    if not set(named) <= set(DEEPGRAM_SEVERAL):
        raise MediaRefused(
            "Deepgram transcribes several languages only if they are among " + ", ".join(DEEPGRAM_SEVERAL)
        )
    return {"language": SEVERAL, "language_hint": list(dict.fromkeys(named))}


def _marks(options: Options) -> dict[str, str]:
    return dict.fromkeys(("punctuate", "smart_format", "numerals"), "true") if options.punctuates else {}


def _terms(model: str, vocabulary: Sequence[Term]) -> dict[str, list[str]]:
    terms = DEEPGRAM_TERMS.fitting(vocabulary)
    if not terms:
        return {}
    if model.startswith(TAKES_KEYTERMS):
        return {"keyterm": [term.text for term in terms]}
    # A colon would be taken for the weight that follows it.
    return {"keywords": [f"{term.text}:{min(term.weight, HEAVIEST):g}" for term in terms if ":" not in term.text]}


def spelled(words: object) -> object:
    """Return a list of words with each as it is written in the text, its punctuation included."""
    if not isinstance(words, list):
        return words
    return [
        {**word, "word": word.get("punctuated_word") or word.get("word")} if isinstance(word, dict) else word
        for word in words
    ]
