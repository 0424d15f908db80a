"""The app of recordings and transcripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from transcripts.document.search import terms

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

# What the triggers of the search index call, in every process that writes (services/search/sqlite/schema.py)
SEARCH_FUNCTION = "search_text_1"


class TranscriptsConfig(AppConfig):
    """Recordings, their processing and their transcripts."""

    name = "transcripts"

    def ready(self) -> None:
        """Use Django's hooks for what a database needs: a function on each connection, an index after migrations."""
        connection_created.connect(give_search_function)
        post_migrate.connect(install_search, sender=self)


def give_search_function(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give a connection to SQLite the function that its triggers call."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(SEARCH_FUNCTION, 1, terms.indexed, deterministic=True)


def install_search(**_: Any) -> None:
    """Create what is missing of the search index, unless its migration was taken back."""
    from django.db import connection

    if "search_generation" in connection.introspection.table_names():
        from transcripts.services.search.index import index

        index().install()
