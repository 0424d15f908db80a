"""What an index is asked for and what it answers, whatever database it is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from uuid import UUID

    from transcripts.document.search.query import Query

# A word that more rows have is common: it is asked for recording by recording, never as a whole.
COMMON = 1_200
# Words of which one has no more rows are counted together: two that are common may be rare beside each other.
COUNTED = 20_000

# What a name is of, by its table
RECORDING, SPEAKER, COMMENT, MARKER = "recording", "speaker", "comment", "marker"


@dataclass(frozen=True, slots=True)
class Hit:
    """A segment that may have what was asked for: `matching.match` tells, unless the answer is exact."""

    segment_id: int
    transcript_id: UUID


@dataclass(frozen=True, slots=True)
class Name:
    """A title, a speaker, a comment or a note: the id of its row, and of the transcript or recording it belongs to."""

    kind: str
    source: str
    scope: UUID


@dataclass(frozen=True, slots=True)
class State:
    """Whether the index has everything, and if not, how much of it."""

    is_whole: bool
    percent: int = 100


def is_prefixes(query: Query) -> bool:
    """Tell whether nothing but beginnings is asked for."""
    return all(term.is_prefix for term in query.terms)


def is_exact(query: Query) -> bool:
    """Tell whether an index that knows which words a row has, but not in which order, can answer alone."""
    terms = (*query.terms, *query.excluded)
    has_prefix = any(term.is_prefix for term in terms)
    return all(len(term.words) == 1 for term in terms) and (
        not has_prefix or (is_prefixes(query) and not query.excluded)
    )


class Index(Protocol):
    """An index in one kind of database. `among` are the transcripts and recordings to look in; None is everywhere."""

    def install(self) -> None:
        """Create what is missing of the index; a small archive is indexed immediately."""

    def remove(self) -> None:
        """Take everything of the index away."""

    def state(self) -> State:
        """Tell whether everything is indexed."""

    def fill(self, *, most: int) -> bool:
        """Index so many more segments; return whether there are more."""

    def rebuild(self, tell: Callable[[str, int], None]) -> None:
        """Build a new index beside this one and use it from then on; tell the stage and its percentage."""

    def faults(self) -> list[str]:
        """Return what is wrong with the index, in sentences."""

    def is_exact(self, query: Query) -> bool:
        """Tell whether `segments` answers the query exactly."""

    def is_common(self, word: str) -> bool:
        """Tell whether more than `COMMON` segments have the word."""

    def reads(self, query: Query) -> bool:
        """Tell whether it is quicker to read the texts of some recordings than to ask what they have."""

    def rare_segments(self, query: Query) -> list[Hit] | None:
        """Return `segments`; None if they are more than `COMMON`, or more than are worth counting."""

    def rare_names(self, query: Query) -> list[Name] | None:
        """Return `names`; None if they are more than `COMMON`, or more than are worth counting."""

    def segments(self, query: Query, *, among: Collection[UUID] | None = None) -> list[Hit]:
        """Return the segments that have all that was asked for."""

    def segments_with(self, words: Collection[str]) -> list[tuple[str, Hit]]:
        """Return the segments that have any of the words, each with its word."""

    def together(self, words: Collection[str], *, most: int) -> list[Hit]:
        """Return segments that have all of the words, at most so many, the newest first."""

    def names(self, query: Query, *, among: Collection[UUID] | None = None) -> list[Name]:
        """Return the names that have all that was asked for."""
