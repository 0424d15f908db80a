"""What a provider can do of what people wish, as data: nothing else in the project asks which provider it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from transcripts.providers.base import Options, Term


class Wish(StrEnum):
    """Something that people may wish for a transcription beside its language.

    LANGUAGES: several are spoken in it. SEPARATION: speakers need not be told apart. SPEAKERS: so many people speak.
    PUNCTUATION: words as they were said, without marks and figures. PROFANITY: swear words are masked.
    """

    LANGUAGES = "languages"
    SEPARATION = "separation"
    SPEAKERS = "speakers"
    PUNCTUATION = "punctuation"
    PROFANITY = "profanity"
    VOCABULARY = "vocabulary"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wishes for one transcription beside its language; as they are here, they ask nothing special.

    `languages` are others that are spoken as well, `speakers` is how many voices there are, None to detect that.
    """

    speakers: int | None = None
    languages: tuple[str, ...] = ()
    separates_speakers: bool = True
    punctuates: bool = True
    masks_profanity: bool = False

    def columns(self) -> dict[str, Any]:
        """Return them as the columns of a row that stores them."""
        return {**asdict(self), "languages": list(self.languages)}

    def without(self, unmet: Iterable[Wish]) -> Wishes:
        """Return them but for those that can't be met."""
        return replace(self, **{NAMES[wish]: getattr(NONE, NAMES[wish]) for wish in unmet})


# What a wish is called, and how each is if nothing is wished.
NAMES = {
    Wish.LANGUAGES: "languages",
    Wish.SEPARATION: "separates_speakers",
    Wish.SPEAKERS: "speakers",
    Wish.PUNCTUATION: "punctuates",
    Wish.PROFANITY: "masks_profanity",
}
NONE = Wishes()


@dataclass(frozen=True, slots=True)
class VocabularyRule:
    """How many terms a provider takes, and which: the most characters and words of one. None means no limit."""

    most_terms: int | None = None
    longest_term: int | None = None
    most_words: int | None = None
    takes_sounds: bool = False
    takes_weights: bool = False

    def fitting(self, terms: Sequence[Term]) -> tuple[Term, ...]:
        """Return the first terms that the provider takes; those before them are the weightier ones."""
        return tuple(term for term in terms if self._fits(term.text))[: self.most_terms]

    def _fits(self, text: str) -> bool:
        is_short = self.longest_term is None or len(text) <= self.longest_term
        return is_short and (self.most_words is None or len(text.split()) <= self.most_words)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The wishes that a provider can meet; `vocabulary` is its rule for terms, if it takes them."""

    wishes: frozenset[Wish] = frozenset()
    vocabulary: VocabularyRule | None = None

    def meets(self, wish: Wish) -> bool:
        """Whether the provider can do so."""
        return self.vocabulary is not None if wish is Wish.VOCABULARY else wish in self.wishes

    def unmet(self, wished: Wishes | Options) -> tuple[Wish, ...]:
        """Return what is wished and can't be met, in the order of `Wish`."""
        return tuple(wish for wish in Wish if _is_wished(wish, wished) and not self.meets(wish))


def _is_wished(wish: Wish, wished: Wishes | Options) -> bool:
    if wish is Wish.VOCABULARY:
        return bool(getattr(wished, "vocabulary", ()))
    return bool(getattr(wished, NAMES[wish]) != getattr(NONE, NAMES[wish]))
