"""Times as subtitles and plain text write them."""

from __future__ import annotations


def timecode(ms: int, separator: str) -> str:
    """Return HH:MM:SS and milliseconds; hours grow past two digits."""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{separator}{rest:03}"
