"""Names of exported files: what every system can store, and no two alike."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from transcripts.document.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

# Separators of folders, and what Windows refuses in a name
_REFUSED = re.compile(r'[\\/:*?"<>|]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
# File systems take 255 bytes, of which the number and the extension need some.
MOST_BYTES = 200


def safe(title: str) -> str:
    """Return a title as the name of a file, without its extension."""
    name = _REFUSED.sub("-", one_line(title)).strip(" .-")
    name = name.encode()[:MOST_BYTES].decode(errors="ignore").rstrip(" .")
    if not name or _DEVICES.match(name):
        return f"transcript {name}".strip()
    return name


def unique(titles: Iterable[str]) -> list[str]:
    """Return a name for each title; what systems that ignore case would take for the same has a number."""
    taken: set[str] = set()
    names: list[str] = []
    for title in titles:
        base = name = safe(title)
        number = 1
        while _key(name) in taken:
            number += 1
            name = f"{base} ({number})"
        taken.add(_key(name))
        names.append(name)
    return names


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
