"""The languages of a transcript in which more than one is spoken.

Two tags of one language (`de`, `de-AT`) are one language here: people are told that a recording is in German and
English, not in German and German.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from transcripts.document.values import Segment


def is_same(tag: str, other: str) -> bool:
    """Tell whether two BCP-47 tags name one language, whatever its region or script."""
    return _primary(tag) == _primary(other)


def by_share(spoken: Iterable[tuple[str, int]]) -> list[str]:
    """Return one tag for each language of these (tag, letters) pairs, the most spoken first; an empty tag is none.

    A language goes by the tag that most of its text has.
    """
    letters: Counter[str] = Counter()
    for tag, count in spoken:
        if tag and count:
            letters[tag] += count
    shares: Counter[str] = Counter()
    for tag, count in letters.items():
        shares[_primary(tag)] += count
    names = {_primary(tag): tag for tag, _ in reversed(letters.most_common())}
    return [names[primary] for primary, _ in shares.most_common()]


def most_spoken(segments: Sequence[Segment]) -> str | None:
    """Return the language of most of the text, None if no segment has one."""
    return next(iter(by_share((segment.language or "", len(segment.text.strip())) for segment in segments)), None)


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()
