"""What a provider can do of what people wish, as data: nothing else in the project asks which provider it is."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from transcripts.providers.base import Options, Term

BYTES_A_TOKEN = 3


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
    """How many terms a provider takes, and which: the most characters and words of one. None means no limit.

    `most_tokens` are those of all together, with `tokens_between` for what separates two. Where it isn't documented how
    tokens are counted, one for each three bytes of a word is more than tokenisers need. `pattern` is how a term must be
    written, as a regular expression.
    """

    most_terms: int | None = None
    longest_term: int | None = None
    most_words: int | None = None
    most_tokens: int | None = None
    tokens_between: int = 0
    pattern: str = ""
    takes_sounds: bool = False
    takes_weights: bool = False

    def fitting(self, terms: Sequence[Term]) -> tuple[Term, ...]:
        """Return the first terms that the provider takes; those before them are the weightier ones."""
        fitting = [term for term in terms if self._fits(term.text)][: self.most_terms]
        return tuple(fitting if self.most_tokens is None else self._first(fitting, self.most_tokens))

    def _fits(self, text: str) -> bool:
        if self.longest_term is not None and len(text) > self.longest_term:
            return False
        if self.most_words is not None and len(text.split()) > self.most_words:
            return False
        return not self.pattern or re.fullmatch(self.pattern, text) is not None

    def _first(self, terms: Iterable[Term], left: int) -> Iterator[Term]:
        for term in terms:
            left -= self.tokens_between + sum(-(-len(word.encode()) // BYTES_A_TOKEN) for word in term.text.split())
            if left < 0:
                return
            yield term


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The wishes that a provider can meet; `vocabulary` is its rule for terms, if it takes them.

    One that isn't able to tell speakers apart has no `tells_speakers`, one that says of no word when it was spoken no
    `times_words`. `several` are the languages among which it transcribes several, empty for any.
    """

    wishes: frozenset[Wish] = frozenset()
    vocabulary: VocabularyRule | None = None
    tells_speakers: bool = True
    several: tuple[str, ...] = ()
    times_words: bool = True

    def meets(self, wish: Wish) -> bool:
        """Whether the provider can do so."""
        return self.vocabulary is not None if wish is Wish.VOCABULARY else wish in self.wishes

    def unmet(self, wished: Wishes | Options) -> tuple[Wish, ...]:
        """Return what is wished and can't be met, in the order of `Wish`."""
        return tuple(wish for wish in Wish if _is_wished(wish, wished) and not self.meets(wish))


@dataclass(frozen=True, slots=True)
class ByModel:
    """What the models of a kind can do, for recordings or live.

    `models` says it by what their names are, as regular expressions that match a whole name; any other can do what is
    `otherwise`. `usual` is the model that is asked for if an account names none.
    """

    otherwise: Capabilities = Capabilities()
    models: tuple[tuple[str, Capabilities], ...] = ()
    usual: str = ""

    def of(self, model: str) -> Capabilities:
        """Return what a model can do; an empty name is that of the usual one."""
        name = model or self.usual
        return next((can for pattern, can in self.models if re.fullmatch(pattern, name)), self.otherwise)


def _is_wished(wish: Wish, wished: Wishes | Options) -> bool:
    if wish is Wish.VOCABULARY:
        return bool(getattr(wished, "vocabulary", ()))
    return bool(getattr(wished, NAMES[wish]) != getattr(NONE, NAMES[wish]))
