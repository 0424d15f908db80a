"""The place of a comment in a text, and how it follows its words through edits.

A place is a range of code points of one segment. It stays at the words it covers: they may be corrected, split off,
merged into another segment or moved across a boundary. While they are not in the text the range is empty, or its
segment is gone; it covers them again if they come back to where they were, as with an undo.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from transcripts.document import diff, scripts
from transcripts.document.editing import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from transcripts.document.diff import Change

# Words go to segments nearby; those further away in a large edit have nothing to do with a place.
NEAR = 4
# A blank, as there is one between the words of a segment: words that only change their segment stay as they were
SEAM = " "


@dataclass(frozen=True, slots=True)
class Anchor:
    """Code points `begin` to `end` of the segment with this key.

    `quoted` are the words that its author chose, `latest` those it covered last.
    """

    key: str
    begin: int
    end: int
    quoted: str
    latest: str


@dataclass(frozen=True, slots=True)
class Shift:
    """What an edit did to a segment: its text before and after, and whether it was and is in the transcript."""

    key: str
    before: str
    after: str
    was_present: bool = True
    is_present: bool = True


def moved(anchor: Anchor, shifts: Sequence[Shift]) -> Anchor:
    """Return where a place is after an edit; `shifts` are the segments that changed, in the order of the text."""
    at = next((number for number, shift in enumerate(shifts) if shift.key == anchor.key), None)
    if at is None:
        return anchor
    home = shifts[at]
    followed = _within(anchor, home) if home.is_present else None
    if followed and _spans(home.before, home.after, anchor.begin, anchor.end, is_exact=True):
        return followed
    # Its words may have gone to another segment, all of them. If not they were corrected here, or removed
    elsewhere = _across(anchor, shifts[max(0, at - NEAR) : at + NEAR + 1])
    return elsewhere or followed or anchor


def carried(anchor: Anchor, shifts: Sequence[Shift]) -> Anchor | None:
    """Return where the words of a place are in other segments, as they were; None if they are not there."""
    return _across(anchor, shifts) if any(shift.key == anchor.key and shift.was_present for shift in shifts) else None


def found(anchor: Anchor, candidates: Iterable[tuple[str, str]]) -> Anchor | None:
    """Return the place where the quoted words are in these segments (key, text), nearest to where it was.

    The first segment that has them is taken. None if they are nowhere.
    """
    for key, text in candidates:
        places = _occurrences(text, anchor.quoted)
        if places:
            begin = min(places, key=lambda one: abs(one - anchor.begin))
            return replace(anchor, key=key, begin=begin, end=begin + len(anchor.quoted), latest=anchor.quoted)
    return None


def _within(anchor: Anchor, home: Shift) -> Anchor:
    """Follow a place in the text of its own segment; the range is empty if its words are gone."""
    spans = _spans(home.before, home.after, anchor.begin, anchor.end)
    if spans:
        return _settled(anchor, home.key, home.after, *_trimmed(home.after, spans[0][0], spans[-1][1]))
    low, high = _put_at(home, min(anchor.begin, len(home.before)))
    at = _left_at(home, anchor.begin)
    back = _settled(anchor, home.key, home.after, low, high) if low < high and anchor.begin == anchor.end else None
    if back and home.after[back.begin : back.end] in (anchor.quoted, anchor.latest):
        return back
    return _settled(anchor, home.key, home.after, at, at)


def _left_at(home: Shift, at: int) -> int:
    """Return where words that are gone were: behind the last word before them that is still there."""
    old, new = scripts.atoms(home.before), scripts.atoms(home.after)
    left = 0
    for change in diff.changes(_words(home.before, old), _words(home.after, new)):
        for number in range(change.first, change.last if change.tag == "equal" else change.first):
            if old[number][1] <= at:
                left = new[number - change.first + change.begin][1]
    return left


def _put_at(home: Shift, at: int) -> tuple[int, int]:
    """Return the range of the words that an edit put at a place of the old text, empty if it put none there."""
    old, new = scripts.atoms(home.before), scripts.atoms(home.after)
    for change in diff.changes(_words(home.before, old), _words(home.after, new)):
        low = old[change.first - 1][1] if change.first else 0
        high = old[change.last][0] if change.last < len(old) else len(home.before)
        if change.tag != "equal" and change.begin < change.end and low <= at <= high:
            return new[change.begin][0], new[change.end - 1][1]
    return at, at


def _across(anchor: Anchor, shifts: Sequence[Shift]) -> Anchor | None:
    """Follow the words of a place into other segments: only as they were, for other words may be alike."""
    old = [(shift.key, shift.before) for shift in shifts if shift.was_present]
    new = [(shift.key, shift.after) for shift in shifts if shift.is_present]
    starts, ends = _starts(old), _starts(new)
    if anchor.key not in starts:
        return None
    shift = starts[anchor.key]
    before, after = (SEAM.join(text for _, text in side) for side in (old, new))
    spans = _spans(before, after, shift + anchor.begin, shift + anchor.end, is_exact=True)
    for low, high in spans:
        for key, text in new:
            begin, end = max(0, low - ends[key]), min(len(text), high - ends[key])
            if begin < end and text[begin:end].strip():
                last = min(len(text), spans[-1][1] - ends[key])
                return _settled(anchor, key, text, *_trimmed(text, begin, max(end, last)))
    return None


def _starts(side: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return where each segment begins in the joined text."""
    sizes = accumulate((len(text) + len(SEAM) for _, text in side), initial=0)
    return {key: start for (key, _), start in zip(side, sizes, strict=False)}


def _spans(before: str, after: str, begin: int, end: int, *, is_exact: bool = False) -> list[tuple[int, int]]:
    """Return where the words of a range are in the new text. With `is_exact` corrected words are not followed.

    Words alone are compared: blanks, which are all alike, would be matched in place of a word.
    """
    old, new = scripts.atoms(before), scripts.atoms(after)
    spans: list[tuple[int, int]] = []
    for change in diff.changes(_words(before, old), _words(after, new)):
        within = [at for at in range(change.first, change.last) if old[at][0] < end and old[at][1] > begin]
        if change.tag == "equal":
            spans += [_kept(old[at], new[at - change.first + change.begin], begin, end) for at in within]
        elif change.tag == "replace" and not is_exact and _is_inside(change, old, begin, end):
            spans += new[change.begin : change.end]
        elif within and not is_exact and _is_one_word(change):
            spans.append(new[change.begin])
    return spans


def _words(text: str, places: Sequence[tuple[int, int]]) -> list[str]:
    return [text[low:high] for low, high in places]


def _kept(old: tuple[int, int], new: tuple[int, int], begin: int, end: int) -> tuple[int, int]:
    """Return the part of a word that a range covers, at the word's new place."""
    shift = new[0] - old[0]
    return max(old[0], begin) + shift, min(old[1], end) + shift


def _is_inside(change: Change, old: Sequence[tuple[int, int]], begin: int, end: int) -> bool:
    return begin <= old[change.first][0] and old[change.last - 1][1] <= end


def _is_one_word(change: Change) -> bool:
    return change.last - change.first == 1 and change.end - change.begin == 1


def _settled(anchor: Anchor, key: str, text: str, begin: int, end: int) -> Anchor:
    """Return the place at a range, or at the words it had before if they are there again."""
    for words in (anchor.quoted, anchor.latest):
        if not words or text[begin:end] == words:
            continue
        places = [at for at in _occurrences(text, words) if at <= end and at + len(words) >= begin]
        if places and (begin == end or any(at < end and at + len(words) > begin for at in places)):
            begin = min(places, key=lambda at: abs(at - begin))
            end = begin + len(words)
            break
    covered = text[begin:end]
    return replace(anchor, key=key, begin=begin, end=end, latest=covered if covered.strip() else anchor.latest)


def _occurrences(text: str, words: str) -> list[int]:
    """Return where these words begin in a text, as whole words."""
    if not words.strip():
        return []
    edges = set(accumulate(map(len, texts.pieces(text)), initial=0))
    found_at: list[int] = []
    at = text.find(words)
    while at >= 0:
        if at in edges and at + len(words) in edges:
            found_at.append(at)
        at = text.find(words, at + 1)
    return found_at


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    """Return a range without blanks at its ends."""
    covered = text[begin:end]
    begin += len(covered) - len(covered.lstrip())
    return begin, begin + len(covered.strip())
