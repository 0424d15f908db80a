"""Retry-After in every form that servers write it in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from transcripts.providers.retry_after import retry_after_ms

DATE = "Fri, 20 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "expected_ms"),
    [
        ("12", 12_000),
        (" 12 ", 12_000),
        ("1.5", 1_500),
        ("0", 1_000),
        ("-3", 1_000),
        ("0.2", 1_000),
        ("1e9", 900_000),
        ("999999999999999999999", 900_000),
        ("901", 900_000),
        ("Fri, 20 Nov 2026 10:00:30 GMT", 30_000),
        ("Friday, 20-Nov-26 10:00:30 GMT", 30_000),
        ("Fri Nov 20 10:00:30 2026", 30_000),
        ("Fri, 20 Nov 2026 12:00:30 +0200", 30_000),
        ("Fri, 20 Nov 2026 09:00:00 GMT", 1_000),
        ("Fri, 20 Nov 2036 10:00:00 GMT", 900_000),
        ("", 7_000),
        ("soon", 7_000),
        ("nan", 7_000),
        ("inf", 7_000),
        ("12 seconds", 7_000),
        ("Fri, 99 Nov 2026 10:00:30 GMT", 7_000),
    ],
)
def test_every_form_is_read_and_bounded(value: str, expected_ms: int) -> None:
    assert retry_after_ms({"Retry-After": value, "Date": DATE}, default_ms=7_000) == expected_ms


def test_no_header_means_the_default() -> None:
    assert retry_after_ms({}, default_ms=60_000) == 60_000


def test_a_date_is_measured_by_our_clock_only_without_theirs() -> None:
    value = format_datetime(datetime.now(UTC) + timedelta(seconds=400), usegmt=True)
    for headers in ({"Retry-After": value}, {"Retry-After": value, "Date": "yesterday"}):
        assert 300_000 < retry_after_ms(headers, default_ms=7_000) <= 400_000
