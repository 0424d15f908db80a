"""Terms as SpeechStream takes them: a list with commas, in an upload and in the address of a live socket."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcripts.providers.base import Term

# Servers and proxies refuse addresses that are longer than about 8,000 bytes, and one holds more than this list.
MOST_QUERY_BYTES = 4_000


def listed(terms: Sequence[Term]) -> str:
    """Return the terms as a list; one with a comma would be two, so it is left out."""
    return ", ".join(term.text for term in terms if "," not in term.text)


def listed_in_query(terms: Sequence[Term]) -> str:
    """Return the first terms as a list, as many as an address can hold."""
    return listed(list(_first(terms)))


def _first(terms: Sequence[Term]) -> Iterator[Term]:
    left = MOST_QUERY_BYTES
    for term in terms:
        left -= len(quote_plus(f"{term.text}, "))
        if left < 0:
            return
        yield term
