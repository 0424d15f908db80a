"""E-mail addresses as people paste them: with commas, on lines, with names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from transcripts.document.plain import storable

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 254
# A separator in quotation marks is part of a name: "Doe, Jane" <jane@example.org>
PART = re.compile(r'(?:"[^"\r\n]*"|[^,;\r\n])+')
NAMED = re.compile(r"<([^<>]*)>\s*$")


def listed(text: str) -> list[str]:
    """Return what is listed in a text, in lower case, each once, whether it is an address or not."""
    return list(dict.fromkeys(_addresses(storable(text))))


def is_address(text: str) -> bool:
    """Tell whether a text is an e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST


def domain_of(text: str) -> str:
    """Return a domain as a person writes it, "@example.org" or "example.org"; empty if it is none."""
    domain = text.strip().lower().removeprefix("@")
    return domain if is_address(f"someone@{domain}") else ""


def _addresses(text: str) -> Iterator[str]:
    for part in PART.findall(text):
        named = NAMED.search(part)
        spaced = part.split() if part.count("@") > 1 else [part]
        for one in [named[1]] if named else spaced:
            if one.strip():
                yield one.strip().lower()
