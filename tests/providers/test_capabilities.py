"""What a provider can't do of what is wished is known before anything is sent."""

from __future__ import annotations

from transcripts.providers.base import Options, Term
from transcripts.providers.capabilities import Capabilities, VocabularyRule, Wish

EVERYTHING = Options(
    "en", speakers=2, vocabulary=(Term("thalweg"),), languages=("uk",), punctuates=False, masks_profanity=True
)


def test_what_nobody_wished_for_is_never_missing() -> None:
    assert Capabilities().unmet(Options("en")) == ()


def test_each_wish_is_missing_until_it_can_be_met() -> None:
    wished = (Wish.LANGUAGES, Wish.SPEAKERS, Wish.PUNCTUATION, Wish.PROFANITY, Wish.VOCABULARY)
    assert Capabilities().unmet(EVERYTHING) == wished
    assert Capabilities(frozenset(wished), VocabularyRule()).unmet(EVERYTHING) == ()


def test_terms_need_a_rule_to_be_sent_by() -> None:
    assert Capabilities(frozenset({Wish.VOCABULARY})).unmet(Options(vocabulary=(Term("a"),))) == (Wish.VOCABULARY,)


def test_speakers_who_need_not_be_told_apart_are_a_wish() -> None:
    assert Capabilities().unmet(Options(separates_speakers=False)) == (Wish.SEPARATION,)


def test_the_first_terms_that_fit_are_sent() -> None:
    terms = tuple(map(Term, ("a", "b c d", "much too long", "e", "f", "g")))
    rule = VocabularyRule(most_terms=3, longest_term=6, most_words=2)
    assert [term.text for term in rule.fitting(terms)] == ["a", "e", "f"]
    assert VocabularyRule().fitting(terms) == terms
