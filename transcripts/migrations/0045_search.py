"""The search index, which is created once all migrations are done, or filled by the conductor if it is large."""

from typing import Any

from django.db import migrations

STATE = """
    CREATE TABLE IF NOT EXISTS search_generation (
        number INTEGER PRIMARY KEY, is_current INTEGER NOT NULL, is_whole INTEGER NOT NULL, filled_until INTEGER NOT NULL
    )
"""
POSTGRES = """
    DROP INDEX IF EXISTS search_segments, search_recording, search_speaker, search_comment, search_marker;
    DROP FUNCTION IF EXISTS search_vector_1(text, uuid);
    DROP FUNCTION IF EXISTS search_text_1(text)
"""


def create(apps: Any, schema_editor: Any) -> None:
    """Create the table that says which generation of the index is asked: without it, there is none."""
    schema_editor.execute(STATE)


def drop(apps: Any, schema_editor: Any) -> None:
    """Drop everything of the index, and what keeps it right."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES)
    else:
        for kind, extra in (("trigger", ""), ("table", "AND sql LIKE 'CREATE VIRTUAL%'"), ("table", "")):
            drop_all(schema_editor, kind, extra)
    schema_editor.execute("DROP TABLE IF EXISTS search_generation")


def drop_all(schema_editor: Any, kind: str, extra: str) -> None:
    """Drop the triggers or tables of the index in SQLite; a virtual table drops those that are its own."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM sqlite_master WHERE type = '{kind}' AND name LIKE 'search%' {extra}")  # noqa: S608
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        schema_editor.execute(f'DROP {kind} IF EXISTS "{name}"')


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0044_bulk_acts")]

    operations = [migrations.RunPython(create, drop)]
