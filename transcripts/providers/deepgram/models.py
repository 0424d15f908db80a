"""What the models of Deepgram can do, for recordings and live speech alike."""

from __future__ import annotations

from transcripts.providers.capabilities import ByModel, Capabilities, VocabularyRule, Wish

MODEL = "nova-3"
MARKS = frozenset({Wish.SEPARATION, Wish.PUNCTUATION, Wish.PROFANITY})
KEYTERMS = VocabularyRule(most_terms=100, most_tokens=500)
# A colon would be taken for the weight that follows it.
KEYWORDS = VocabularyRule(most_terms=100, pattern="[^:]*", takes_weights=True)
# Several languages are transcribed only if they are among these.
NOVA_3_SEVERAL = ("en", "es", "fr", "de", "hi", "ru", "pt", "ja", "it", "nl")
NOVA_2_SEVERAL = ("en", "es")

MODELS = ByModel(
    usual=MODEL,
    models=(
        ("nova-3.*", Capabilities(MARKS | {Wish.LANGUAGES}, KEYTERMS, several=NOVA_3_SEVERAL)),
        ("nova-2.*", Capabilities(MARKS | {Wish.LANGUAGES}, KEYWORDS, several=NOVA_2_SEVERAL)),
    ),
    otherwise=Capabilities(MARKS, KEYWORDS),
)
