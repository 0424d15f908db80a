"""The index is filled, made again and checked, while everyone searches and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.services.search.index import index

if TYPE_CHECKING:
    from collections.abc import Callable


def fill(*, most: int) -> bool:
    """Index so many more segments of an archive that was there before its index; return whether there are more."""
    return index().fill(most=most)


def rebuild(tell: Callable[[str, int], None]) -> None:
    """Make a new index beside the present one, which is asked until the new one is whole."""
    index().rebuild(tell)


def faults() -> list[str]:
    """Return what is wrong with the index, in sentences; nothing if it is whole."""
    state = index().state()
    unfinished = [] if state.is_whole else [f"The index is being filled: {state.percent} %."]
    return [*unfinished, *index().faults()]
