"""The history of a transcript as lines of JSON, each hashed with all before it, and the text to which they lead.

The first line has the segments as they were in the beginning. Then comes a line for each change: its number, moment,
kind and author, and of each segment that it touched the fields that changed, before and after. The last line has the
keys of the segments that are in the text now, in their order.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BEGINNING = hashlib.sha256(b"verbatim history 1\n").hexdigest()


class BrokenHistory(ValueError):
    """The lines don't follow from each other; the message says where."""


def line(entry: dict[str, Any]) -> bytes:
    """Return an entry as a line."""
    return (json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def head(history: bytes) -> str:
    """Return the last link of the chain: SHA-256 over the link before and the line, in hexadecimal digits."""
    link = BEGINNING
    for one in history.splitlines(keepends=True):
        link = hashlib.sha256(link.encode() + one).hexdigest()
    return link


def texts(history: bytes) -> list[str]:
    """Return the texts of the segments to which the history leads. Raises BrokenHistory if a change does not fit."""
    try:
        first, *changes, last = [json.loads(one) for one in history.splitlines()]
        said = {str(key): str(text) for key, text in first["segments"]}
        _replay(said, changes)
        return [said[key] for key in last["order"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, BrokenHistory):
            raise
        raise BrokenHistory("The history can’t be read.") from error


def _replay(said: dict[str, str], changes: Iterable[dict[str, Any]]) -> None:
    number = 0
    for change in changes:
        if change["number"] <= number:
            raise BrokenHistory(f"Change {change['number']} of the history is out of order.")
        number = change["number"]
        for key, before, after in change["segments"]:
            _change(said, number, key, _text(before), _text(after))


def _change(said: dict[str, str], number: int, key: str, before: str | None, after: str | None) -> None:
    if before is not None and said.get(key) != before:
        raise BrokenHistory(f"Change {number} of the history doesn’t follow from what was there before.")
    if after is not None:
        said[key] = after


def _text(fields: dict[str, Any] | None) -> str | None:
    return None if fields is None else fields.get("text")


def written(first: Sequence[tuple[str, str]], changes: Iterable[dict[str, Any]], order: Sequence[str]) -> bytes:
    """Return a history: the segments in the beginning as (key, text), the changes, and the keys in the text now."""
    entries = [{"segments": [list(one) for one in first]}, *changes, {"order": list(order)}]
    return b"".join(map(line, entries))
