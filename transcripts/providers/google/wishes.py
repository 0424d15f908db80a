"""What people wish, in the words of Google Cloud Speech-to-Text v2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.providers.google.languages import asked
from transcripts.providers.google.models import FILES, MODEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.providers.base import Connection, Options, Term
    from transcripts.providers.capabilities import Capabilities

# In place of a language: it finds out.
DETECTION = "auto"
# An ordinary term gets half of the heaviest boost.
BOOST, HEAVIEST = 10.0, 20.0
# Those in which its model tells speakers apart; in others it refuses to.
DIARIZED = frozenset({"cmn", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "pt"})


def config(connection: Connection, options: Options) -> dict[str, Any]:
    """Return how the audio is to be transcribed."""
    codes = _codes(options)
    can = FILES.of(connection.model)
    phrases = [_phrase(term) for term in can.vocabulary.fitting(options.vocabulary)] if can.vocabulary else []
    return {
        "autoDecodingConfig": {},
        "model": connection.model or MODEL,
        "languageCodes": codes,
        "features": _features(options, codes, can),
        **({"adaptation": {"phraseSets": [{"inlinePhraseSet": {"phrases": phrases}}]}} if phrases else {}),
    }


def _features(options: Options, codes: Sequence[str], can: Capabilities) -> dict[str, Any]:
    is_diarized = can.tells_speakers and all(code.partition("-")[0] in DIARIZED for code in codes)
    return {
        "enableWordTimeOffsets": True,
        "enableWordConfidence": True,
        **({"enableAutomaticPunctuation": True} if options.punctuates else {}),
        **({"profanityFilter": True} if options.masks_profanity else {}),
        **({"diarizationConfig": {}} if options.separates_speakers and is_diarized else {}),
    }


def _codes(options: Options) -> list[str]:
    named = [asked(tag) for tag in (options.language, *options.languages) if tag]
    return list(dict.fromkeys(named)) or [DETECTION]


def _phrase(term: Term) -> dict[str, Any]:
    return {"value": term.text, "boost": min(BOOST * term.weight, HEAVIEST)}
