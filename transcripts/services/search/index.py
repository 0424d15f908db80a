"""The index of the database that is used: the one place that chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from transcripts.services.search.postgres.index import PostgresIndex
from transcripts.services.search.sqlite.index import SqliteIndex

if TYPE_CHECKING:
    from transcripts.services.search.asked import Index


def index() -> Index:
    """Return the index of this database."""
    return PostgresIndex() if connection.vendor == "postgresql" else SqliteIndex()
