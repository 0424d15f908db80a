"""Requests of strangers don't fill the log."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from project.logs import MAX_LENGTH, Shorten


def record(name: str, status: int) -> logging.LogRecord:
    try:
        raise ValueError("x" * 5000)
    except ValueError as error:
        exception = (ValueError, error, error.__traceback__)
    made = logging.LogRecord(name, logging.ERROR, "", 0, "%s", ("y" * 5000,), exception)
    made.status_code = status
    return made


@pytest.mark.parametrize("name", ["django.security.DisallowedHost", "django.request"])
def test_a_bad_request_is_one_short_line(name: str) -> None:
    bad = record(name, 400)
    assert Shorten().filter(bad)
    assert len(bad.getMessage()) <= MAX_LENGTH + 1
    assert bad.exc_info is None


def test_a_server_error_is_logged_completely() -> None:
    fault = record("django.request", 500)
    assert Shorten().filter(fault)
    assert fault.exc_info is not None
    assert len(fault.getMessage()) == 5000


@pytest.mark.django_db
def test_a_wrong_host_is_logged_without_a_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    Client().get("/", HTTP_HOST="evil.example")
    output = capfd.readouterr().err
    assert "Traceback" not in output


@pytest.mark.parametrize("path", ["/s/{}/text/txt/", "/f/{}", "/invitations/{}/", "/callbacks/{}/?a=b"])
def test_what_opens_something_is_in_no_line(path: str) -> None:
    token = "qS_wyyjD3s-kQ0aVtH2c5x"
    bad = logging.LogRecord("django.request", logging.ERROR, "", 0, "Not Found: %s", (path.format(token),), None)
    Shorten().filter(bad)
    assert bad.getMessage() == f"Not Found: {path.format('…')}".replace("?a=b", "?a=b")


def test_the_id_of_a_row_is_in_the_line() -> None:
    path = "/transcripts/0f3c1f6e-2f0b-4a0e-9b64-1b1d2f1f3a4b/"
    bad = logging.LogRecord("django.request", logging.ERROR, "", 0, "Not Found: %s", (path,), None)
    Shorten().filter(bad)
    assert bad.getMessage() == f"Not Found: {path}"
