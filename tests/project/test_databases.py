"""How the database of a URL is connected to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from project.stores.databases import configuration

DATA = Path("/data")


def of(url: str) -> dict[str, Any]:
    return configuration(url, DATA)


def test_without_a_url_it_is_a_file_among_the_data() -> None:
    found = of("")
    assert found["NAME"] == "/data/verbatim.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_what_a_url_says_of_its_connections_comes_last() -> None:
    found = of("postgres://me@host/verbatim?sslmode=require&options=-c%20jit%3Don")["OPTIONS"]
    assert found["sslmode"] == "require"
    assert found["options"].startswith("-c jit=off ")
    assert found["options"].endswith(" -c jit=on")


@pytest.mark.django_db
@pytest.mark.skipif("postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="SQLite compiles nothing.")
@pytest.mark.parametrize(("setting", "value"), [("jit", "off"), ("max_parallel_workers_per_gather", "0")])
def test_a_query_is_carried_out_as_it_is(setting: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        assert cursor.fetchone() == (value,)
