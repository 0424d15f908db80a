"""Names of languages."""

from __future__ import annotations


def primary(language: str) -> str:
    """The language of a BCP-47 tag without region or script, in lower case; empty for `auto`."""
    name = language.replace("_", "-").partition("-")[0].strip().lower()
    return "" if name == "auto" else name
