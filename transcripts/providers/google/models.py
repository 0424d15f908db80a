"""What the models of Google Cloud can do: of the Chirps only the third tells speakers apart."""

from __future__ import annotations

from transcripts.providers.capabilities import ByModel, Capabilities, VocabularyRule, Wish

MODEL = "chirp_3"
WISHES = frozenset({Wish.LANGUAGES, Wish.SEPARATION, Wish.PUNCTUATION, Wish.PROFANITY})
TERMS = VocabularyRule(most_terms=1_000, longest_term=100, takes_weights=True)

FILES = ByModel(
    usual=MODEL,
    models=(
        ("chirp", Capabilities(WISHES, tells_speakers=False)),
        ("chirp_2", Capabilities(WISHES, TERMS, tells_speakers=False)),
    ),
    otherwise=Capabilities(WISHES, TERMS),
)
