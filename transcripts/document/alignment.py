"""Where each word is in a text: the one answer for pages, subtitles, merging and tracks.

Words that are all in the text, in their order, are found one after the other. If one is missing, because a person
rewrote the text or a provider's lists disagree, the longest common subsequence (`diff`) anchors those that are there;
the others are searched for between their neighbours only. A missing word has no span, and takes none from the words
after it: an occurrence further on belongs to the word that is listed there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.document import diff, scripts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# From one code point of the text to before another.
Span = tuple[int, int]

# So many characters after its neighbour a word that is no anchor may be: bounds the search in a text of other words.
REACH = 400


def spans(text: str, words: Sequence[str]) -> list[Span | None]:
    """Return the span of each word in the text, in order and disjoint; None for one that is not there.

    An empty word is nowhere.
    """
    return list(_in_sequence(text, words) or _between(text, words, _anchors(text, words)))


def _in_sequence(text: str, words: Sequence[str]) -> list[Span | None] | None:
    """Find each word after the one before it; None if one is missing."""
    found: list[Span | None] = []
    reached = 0
    for word in words:
        begin = text.find(word, reached)
        if begin < 0 or not word:
            return None
        reached = begin + len(word)
        found.append((begin, reached))
    return found


def _anchors(text: str, words: Sequence[str]) -> dict[int, Span]:
    """Return the spans of words that text and list have in common, by number."""
    atoms = scripts.spoken_atoms(text)
    listed = [(number, part) for number, word in enumerate(words) for part in scripts.words_in(word)]
    keys = [scripts.key(text[begin:end]) for begin, end in atoms]
    regions: dict[int, Span] = {}
    for atom, place in _pairs(diff.changes(keys, [scripts.key(part) for _, part in listed])):
        number = listed[place][0]
        regions[number] = (regions.get(number, atoms[atom])[0], atoms[atom][1])
    return dict(_exact(text, words, regions))


def _pairs(changes: Sequence[diff.Change]) -> Iterator[tuple[int, int]]:
    """Yield the indices of equal items."""
    for change in changes:
        if change.tag == "equal":
            yield from zip(range(change.first, change.last), range(change.begin, change.end), strict=True)


def _exact(text: str, words: Sequence[str], regions: Mapping[int, Span]) -> Iterator[tuple[int, Span]]:
    """Yield the words that their region holds to the letter; keys ignore case and punctuation."""
    for number, (first, last) in regions.items():
        begin = text.find(words[number], first, last)
        if begin >= 0:
            yield number, (begin, begin + len(words[number]))


def _between(text: str, words: Sequence[str], anchors: Mapping[int, Span]) -> Iterator[Span | None]:
    """Yield the anchors, and the other words as they are found between them."""
    reached = 0
    for number, limit in enumerate(_limits(len(words), anchors, len(text))):
        span = anchors.get(number) or _search(text, words, number, reached, limit)
        reached = span[1] if span else reached
        yield span


def _limits(count: int, anchors: Mapping[int, Span], end: int) -> list[int]:
    """Return, for each word, where the next anchor begins."""
    limits: list[int] = []
    for number in range(count - 1, -1, -1):
        limits.append(end)
        end = anchors[number][0] if number in anchors else end
    return limits[::-1]


def _search(text: str, words: Sequence[str], number: int, reached: int, limit: int) -> Span | None:
    """Find a word shortly after the one before it, as a word and not as letters within another."""
    word = words[number]
    following = words[number + 1] if number + 1 < len(words) else ""
    limit = min(limit, reached + len(word) + REACH)
    begin = text.find(word, reached, limit) if word else -1
    while begin >= 0:
        end = begin + len(word)
        begins = begin == reached or scripts.is_boundary(text, begin)
        if begins and (scripts.is_boundary(text, end) or (following and text.startswith(following, end))):
            return begin, end
        begin = text.find(word, begin + 1, limit)
    return None
