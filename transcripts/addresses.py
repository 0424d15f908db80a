"""Addresses of things that have a UUID, found quickly."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

ANY = UUID(int=0)


def address_of(name: str, pk: UUID) -> str:
    """Return the path of a route that takes one UUID. Raises NoReverseMatch.

    A list has an address in each of its rows, and looking up each would take longer than the rest of a row.
    """
    before, after = _around(name, get_script_prefix())
    return f"{before}{pk}{after}"


@cache
def _around(name: str, prefix: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[ANY]).partition(str(ANY))
    return before, after
