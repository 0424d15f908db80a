"""Names of speakers at the beginning of a line: "Anna Schmidt: Hello".

A colon follows many words that are no names. A name is taken as one if it has the shape of a name and is there at
least twice, if the text begins with one of several, or if as many lines as not begin with one: a text that says
"Note: …" once keeps every word.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME = 60
MOST_WORDS = 5
# What captions put before a name to say that the voice changes
NAME = r"(?:>>\s*)?(?P<name>[^\W_][^:\[\]<>\n]{0,59})"
_LEADING = re.compile(rf"{NAME}:(?:\s+|$)(?P<text>.*)", re.DOTALL)
_BRACKETED = re.compile(r"(?:>>\s*)?[\[(](?P<name>[^\W\d_][^\])\[(\n]{0,59})[\])]:\s*(?P<text>.*)", re.DOTALL)


def is_name(text: str) -> bool:
    """Tell whether a text has the shape of a name: few words, each with a capital letter, a number or no case."""
    words = text.replace("(", "").replace(")", "").split()
    if not 1 <= len(words) <= MOST_WORDS or len(text) > LONGEST_NAME or text[-1] in "?!…;":
        return False
    starts = [word.lstrip("\"'“‘(@")[:1] for word in words]
    is_written_so = all(not start.islower() for start in starts)
    return (is_written_so or text.isupper() or _is_label(text)) and any(letter.isalpha() for letter in text)


def _is_label(text: str) -> bool:
    return re.fullmatch(r"(?i)speaker[ _]?\w{1,3}", text) is not None


def split(line: str) -> tuple[str, str] | None:
    """Return the name that a line may begin with, and the rest; None if it begins with none."""
    found = _LEADING.match(line) or _BRACKETED.match(line)
    if found is None or not is_name(found["name"].strip()):
        return None
    return found["name"].strip(), found["text"].strip()


def speakers_of(lines: Iterable[str]) -> frozenset[str]:
    """Return what is taken as names in a text."""
    found = [split(line) for line in lines if line.strip()]
    counts = Counter(name[0] for name in found if name)
    begins_with_one = bool(found) and found[0] is not None and len(counts) > 1
    if begins_with_one or 2 * sum(counts.values()) >= len(found):
        return frozenset(counts)
    return frozenset(name for name, count in counts.items() if count > 1)
