"""What the models of ElevenLabs can do: the first Scribe takes no terms, and none tells speakers apart live."""

from __future__ import annotations

from transcripts.providers.capabilities import ByModel, Capabilities, VocabularyRule, Wish

MODEL, LIVE_MODEL = "scribe_v2", "scribe_v2_realtime"
WISHES = frozenset({Wish.SEPARATION, Wish.SPEAKERS})

FILES = ByModel(
    usual=MODEL,
    models=(("scribe_v1.*", Capabilities(WISHES)),),
    otherwise=Capabilities(WISHES, VocabularyRule(most_terms=1_000, longest_term=50, most_words=5)),
)
LIVE = ByModel(
    Capabilities(
        frozenset({Wish.SEPARATION}), VocabularyRule(most_terms=50, longest_term=20, most_words=5), tells_speakers=False
    )
)
