"""Text from outside as it may be stored: what databases refuse and what breaks files apart is taken out.

PostgreSQL takes no NUL and no half of a surrogate pair; line and paragraph separators, and controls, break exports.
"""

from __future__ import annotations

import unicodedata

# Marks that turn the direction of text around them, up to the end of the paragraph that they are in.
OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def storable(text: str) -> str:
    """Return the text without what a database refuses; everything else stays as it is, as in a password."""
    if text.isascii() and "\0" not in text:
        return text
    return "".join(letter for letter in text if letter != "\0" and not "\ud800" <= letter <= "\udfff")


def one_line(text: str) -> str:
    """Return the text on one line: composed, without controls, every run of spaces one space.

    Joiners stay, for many scripts need them; overrides of the direction go, for they reach into what follows.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", storable(text))
        text = "".join(letter for letter in text if letter not in OVERRIDES)
    if not text.isprintable():
        text = "".join(" " if letter.isspace() else letter for letter in text if not _is_control(letter))
    return " ".join(text.split())


def _is_control(letter: str) -> bool:
    return not letter.isspace() and unicodedata.category(letter) in ("Cc", "Cs")
