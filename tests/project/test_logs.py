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
