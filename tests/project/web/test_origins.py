"""Only pages of the same or a trusted origin open sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from project.web.origins import is_allowed

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.fixture(autouse=True)
def _names(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["verbatim.example.org", "localhost", "[::1]"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://front.example.org", "https://*.press.example.org"]


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:8000", "localhost:8000"),
        ("https://verbatim.example.org", "verbatim.example.org"),
        ("https://verbatim.example.org", "verbatim.example.org:443"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("https://front.example.org", "10.0.0.7:8000"),
        ("https://desk.press.example.org", "10.0.0.7:8000"),
    ],
)
def test_a_page_of_the_same_host_or_a_trusted_one_opens_a_socket(origin: str, host: str) -> None:
    assert is_allowed(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:3000", "localhost:8000"),
        ("http://localhost", "localhost:8000"),
        ("https://evil.example.com", "verbatim.example.org"),
        ("https://evil.example.com", "evil.example.com"),
        ("https://evilpress.example.org", "verbatim.example.org"),
        ("http://front.example.org", "10.0.0.7:8000"),
        ("null", "localhost:8000"),
        ("", "localhost:8000"),
        ("http://localhost:port", "localhost:port"),
        ("file://localhost:8000", "localhost:8000"),
    ],
)
def test_any_other_page_is_refused(origin: str, host: str) -> None:
    assert not is_allowed(origin, host)
