"""The tables and triggers of the index, by generation.

The text is not stored a second time: FTS5 keeps the words of a segment by its id, not their order, which would take
as much room again; the triggers of the segments tell it what to take out. Beginnings of two and three letters have
indexes of their own, or each would read all words that begin so. Whether a segment is indexed is a row of FTS5's own
`docsize`, so a trigger never takes out what is not in, wherever the filling has come. Names come from tables whose
rows have no lasting number: `search_name` gives them one. The triggers refer to their own table and to the index
alone, or SQLite could not change the other tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.services.search.asked import COMMENT, MARKER, RECORDING, SPEAKER

if TYPE_CHECKING:
    from collections.abc import Iterator

# The function that triggers call, `terms.indexed`. A change of that needs another name here, and a rebuild.
FUNCTION = "search_text_1"

# A letter that no word has: with it begins the word that says which transcript or recording a row belongs to. So the
# index alone can tell which segments of some transcripts have a word.
SCOPE = "\ue000"
MARK = f"' {SCOPE}'"

STATE = """
    CREATE TABLE IF NOT EXISTS search_generation (
        number INTEGER PRIMARY KEY, is_current INTEGER NOT NULL,
        is_whole INTEGER NOT NULL, filled_until INTEGER NOT NULL
    )
"""

TABLES = """
    CREATE VIRTUAL TABLE IF NOT EXISTS search_segments_{n} USING fts5(
        body, content='', detail='none', tokenize='ascii', prefix='2 3'
    );
    CREATE TABLE IF NOT EXISTS search_name_{n} (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, source TEXT NOT NULL, scope TEXT NOT NULL, body TEXT NOT NULL,
        UNIQUE (kind, source)
    );
    CREATE VIRTUAL TABLE IF NOT EXISTS search_names_{n} USING fts5(
        body, content='', detail='none', tokenize='ascii', prefix='2 3'
    )
"""

NAME_TRIGGERS = """
    CREATE TRIGGER IF NOT EXISTS search_name_{n}_added AFTER INSERT ON search_name_{n} BEGIN
        INSERT INTO search_names_{n} (rowid, body) VALUES (new.id, new.body || {mark} || new.scope);
    END;
    CREATE TRIGGER IF NOT EXISTS search_name_{n}_changed AFTER UPDATE ON search_name_{n} BEGIN
        INSERT INTO search_names_{n} (search_names_{n}, rowid, body)
            VALUES ('delete', old.id, old.body || {mark} || old.scope);
        INSERT INTO search_names_{n} (rowid, body) VALUES (new.id, new.body || {mark} || new.scope);
    END;
    CREATE TRIGGER IF NOT EXISTS search_name_{n}_gone AFTER DELETE ON search_name_{n} BEGIN
        INSERT INTO search_names_{n} (search_names_{n}, rowid, body)
            VALUES ('delete', old.id, old.body || {mark} || old.scope);
    END
"""

SEGMENT_TRIGGERS = """
    CREATE TRIGGER IF NOT EXISTS search_segment_{n}_added AFTER INSERT ON transcripts_segment
    WHEN NOT new.is_removed BEGIN
        INSERT INTO search_segments_{n} (rowid, body)
            VALUES (new.id, {function}(new.text) || {mark} || new.transcript_id);
    END;
    CREATE TRIGGER IF NOT EXISTS search_segment_{n}_changed
    AFTER UPDATE OF text, is_removed, transcript_id ON transcripts_segment
    WHEN old.text IS NOT new.text OR old.is_removed IS NOT new.is_removed OR old.transcript_id IS NOT new.transcript_id
    BEGIN
        INSERT INTO search_segments_{n} (search_segments_{n}, rowid, body)
            SELECT 'delete', old.id, {function}(old.text) || {mark} || old.transcript_id
            WHERE EXISTS (SELECT 1 FROM search_segments_{n}_docsize WHERE id = old.id);
        INSERT INTO search_segments_{n} (rowid, body)
            SELECT new.id, {function}(new.text) || {mark} || new.transcript_id WHERE NOT new.is_removed;
    END;
    CREATE TRIGGER IF NOT EXISTS search_segment_{n}_gone AFTER DELETE ON transcripts_segment BEGIN
        INSERT INTO search_segments_{n} (search_segments_{n}, rowid, body)
            SELECT 'delete', old.id, {function}(old.text) || {mark} || old.transcript_id
            WHERE EXISTS (SELECT 1 FROM search_segments_{n}_docsize WHERE id = old.id);
    END
"""

SOURCE_TRIGGERS = """
    CREATE TRIGGER IF NOT EXISTS search_{kind}_{n}_added AFTER INSERT ON {table} WHEN {new_condition} BEGIN
        INSERT INTO search_name_{n} (kind, source, scope, body)
            VALUES ('{kind}', new.id, new.{scope}, {function}({new_text}))
            ON CONFLICT (kind, source) DO UPDATE SET scope = excluded.scope, body = excluded.body;
    END;
    CREATE TRIGGER IF NOT EXISTS search_{kind}_{n}_changed AFTER UPDATE OF {columns} ON {table} BEGIN
        DELETE FROM search_name_{n} WHERE kind = '{kind}' AND source = CAST(old.id AS TEXT) AND NOT ({new_condition});
        INSERT INTO search_name_{n} (kind, source, scope, body)
            SELECT '{kind}', new.id, new.{scope}, {function}({new_text}) WHERE {new_condition}
            ON CONFLICT (kind, source) DO UPDATE SET scope = excluded.scope, body = excluded.body;
    END;
    CREATE TRIGGER IF NOT EXISTS search_{kind}_{n}_gone AFTER DELETE ON {table} BEGIN
        DELETE FROM search_name_{n} WHERE kind = '{kind}' AND source = CAST(old.id AS TEXT);
    END
"""

# What names are made of: their table, the columns that matter, the text, when there is one, and what it belongs to
SOURCES = {
    RECORDING: ("transcripts_recording", "title, filename", "{}.title || ' ' || {}.filename", "1", "id"),
    SPEAKER: ("transcripts_speaker", "label", "{}.label", "{}.label NOT GLOB 'Speaker [0-9]*'", "transcript_id"),
    COMMENT: (
        "transcripts_comment",
        "body, tag, removed_at",
        "{}.body || ' ' || {}.tag",
        "{}.removed_at IS NULL AND {}.body || {}.tag <> ''",
        "transcript_id",
    ),
    MARKER: (
        "transcripts_marker",
        "note, removed_at",
        "{}.note",
        "{}.removed_at IS NULL AND {}.note <> ''",
        "recording_id",
    ),
}

FILL_NAMES = """
    INSERT INTO search_name_{n} (kind, source, scope, body)
    SELECT '{kind}', row.id, row.{scope}, {function}({text}) FROM {table} AS row WHERE {condition}
    ON CONFLICT (kind, source) DO NOTHING
"""


def statements(number: int) -> Iterator[str]:
    """Yield what creates the tables and triggers of a generation, as far as they are missing."""
    yield from _split(TABLES.format(n=number), at=";")
    yield from _split(NAME_TRIGGERS.format(n=number, mark=MARK), at="END;")
    yield from _split(SEGMENT_TRIGGERS.format(n=number, function=FUNCTION, mark=MARK), at="END;")
    for kind, (table, columns, text, condition, scope) in SOURCES.items():
        triggers = SOURCE_TRIGGERS.format(
            n=number, kind=kind, table=table, columns=columns, scope=scope, function=FUNCTION,
            new_text=text.replace("{}", "new"), new_condition=condition.replace("{}", "new"),
        )  # fmt: skip
        yield from _split(triggers, at="END;")


def fill_names(number: int, kind: str) -> str:
    """Return what writes the names of one kind that are not there yet."""
    table, _, text, condition, scope = SOURCES[kind]
    return FILL_NAMES.format(
        n=number, kind=kind, table=table, scope=scope, function=FUNCTION,
        text=text.replace("{}", "row"), condition=condition.replace("{}", "row"),
    )  # fmt: skip


def _split(text: str, *, at: str) -> Iterator[str]:
    for statement in text.split(at):
        if statement.strip():
            is_trigger = at == "END;" and not statement.rstrip().endswith("END")
            yield statement + "END" * is_trigger
