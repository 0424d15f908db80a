"""What the models of AssemblyAI can do. A list of models with commas takes what each of them takes."""

from __future__ import annotations

from transcripts.providers.capabilities import ByModel, Capabilities, VocabularyRule, Wish

WISHES = frozenset({Wish.SEPARATION, Wish.SPEAKERS, Wish.PUNCTUATION, Wish.PROFANITY})
# Of its newer models, and one that only speaks English.
LARGE = r"(universal-3|slam-)[^,]*"

FILES = ByModel(
    models=((rf"{LARGE}(,\s*{LARGE})*", Capabilities(WISHES, VocabularyRule(most_terms=1_000, most_words=6))),),
    otherwise=Capabilities(WISHES, VocabularyRule(most_terms=200, most_words=6)),
)
LIVE = ByModel(
    models=(("whisper-rt.*", Capabilities(WISHES)),),
    otherwise=Capabilities(WISHES, VocabularyRule(most_terms=100, longest_term=50)),
)
