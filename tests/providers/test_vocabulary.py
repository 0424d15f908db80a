"""Terms in the address of a live socket, for the provider that has a place for them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from transcripts.providers.base import Connection, Options, Term
from transcripts.providers.registry import live_codec


def address(kind: str, *terms: str) -> str:
    """Return the address that a live session of this provider connects to."""
    connection = Connection("https://api.example.com/", "key")
    return live_codec(kind, connection, Options("en", vocabulary=tuple(map(Term, terms)))).connect().url


def test_speechstream_is_told_the_terms_in_its_address_and_pulse_nothing() -> None:
    terms = ("thalweg", "Berg, Tomas", "Каховка")
    asked = dict(parse_qsl(urlsplit(address("speechstream", *terms)).query))
    assert asked["vocabulary"] == "thalweg, Каховка"
    assert "thalweg" not in address("pulse", *terms)
    assert "vocabulary" not in address("speechstream")


def test_no_vocabulary_makes_an_address_that_servers_refuse() -> None:
    url = address("speechstream", *(f"Дніпро {number}" for number in range(2_000)))
    assert "vocabulary=" in url
    assert len(url) < 8_000
