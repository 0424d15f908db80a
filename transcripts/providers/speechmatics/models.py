"""What the models of Speechmatics can do: `enhanced` and `standard` the same, Melia other things, and that not live."""

from __future__ import annotations

from transcripts.providers.capabilities import ByModel, Capabilities, VocabularyRule, Wish

# It transcribes whatever is spoken, told which languages to expect, and takes no vocabulary.
MELIA = "melia-"
TERMS = VocabularyRule(most_terms=1_000, takes_sounds=True)

FILES = ByModel(
    models=((f"{MELIA}.*", Capabilities(frozenset({Wish.SEPARATION, Wish.LANGUAGES}))),),
    otherwise=Capabilities(frozenset({Wish.SEPARATION}), TERMS),
)
LIVE = ByModel(Capabilities(frozenset({Wish.SEPARATION, Wish.SPEAKERS}), TERMS))
