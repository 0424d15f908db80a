"""The functions and expression indexes of the index, which PostgreSQL keeps right with the rows.

No tsvector is stored: to take one out of a row costs more than the search. `search_vector_1` has the words of a text
and the id of what it belongs to, so the index alone can tell which segments of some transcripts have a word. The
functions are those of `terms.py` as near as SQL comes; none needs an extension, and none fails, or a text could not be
saved. They are said to cost much, so that the planner never calls them for all rows of a table.
"""

from __future__ import annotations

from transcripts.services.search.asked import COMMENT, MARKER, RECORDING, SPEAKER

# A longer text would make a tsvector of more than the megabyte that one may have.
LONGEST = 100_000
# What PostgreSQL would read an address, a path, a number or a tag by; the rest it takes for blanks
PUNCTUATION = "-./@:_&<+~"

FOLD = r"""
CREATE OR REPLACE FUNCTION search_text_1(t text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 2000 AS $body$
SELECT CASE WHEN length(t) < octet_length(t) THEN
    regexp_replace(
        translate(replace(replace(replace(normalize(regexp_replace(regexp_replace(
            normalize(lower(translate(left(t, LONGEST), $p$SIGNS$p$, BLANKS)), NFKD),
            '([a-z\u03b1-\u03c9])[\u0300-\u036f]+|(?<=\u0435)\u0308', '\1', 'g'),
            '[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]', '', 'g'), NFC),
            'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'łøđħıς', 'lodhiσ'),
        '([\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3105-\u312f\u3400-\u4dbf'
        '\u4e00-\u9fff\ua000-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff])', ' \1 ', 'g')
ELSE translate(left(t, LONGEST), $p$SIGNS$p$, BLANKS) END
$body$
"""

VECTOR = """
CREATE OR REPLACE FUNCTION search_vector_1(t text, scope uuid) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 2000 AS $body$
SELECT to_tsvector('pg_catalog.simple', search_text_1(t))
    || array_to_tsvector(ARRAY[':' || replace(scope::text, '-', '')])
$body$
"""

SEGMENTS = "search_segments"
# Each index with its table, the text, what it belongs to, and when there is a text
INDEXES = {
    SEGMENTS: ("transcripts_segment", "text", "transcript_id", "NOT is_removed"),
    RECORDING: ("transcripts_recording", "title || ' ' || filename", "id", "true"),
    SPEAKER: ("transcripts_speaker", "label", "transcript_id", r"label !~ '^Speaker \d'"),
    COMMENT: ("transcripts_comment", "body || ' ' || tag", "transcript_id", "removed_at IS NULL"),
    MARKER: ("transcripts_marker", "note", "recording_id", "removed_at IS NULL AND note <> ''"),
}


def functions() -> tuple[str, str]:
    """Return what creates the functions, the first of them for the second."""
    blanks = "'" + " " * len(PUNCTUATION) + "'"
    fold = FOLD.replace("LONGEST", str(LONGEST)).replace("SIGNS", PUNCTUATION).replace("BLANKS", blanks)
    return fold, VECTOR


def name_of(kind: str) -> str:
    """Return the name of an index."""
    return kind if kind == SEGMENTS else f"search_{kind}"


def vector(kind: str) -> str:
    """Return the expression that is indexed, as a query must write it."""
    _, text, scope, _ = INDEXES[kind]
    return f"search_vector_1({text}, {scope})"


def create_index(kind: str, *, concurrently: bool) -> str:
    """Return what creates an index. What waits to be sorted in is read by every search, so it is kept small."""
    table, _, _, condition = INDEXES[kind]
    how = "CONCURRENTLY " if concurrently else ""
    return (
        f"CREATE INDEX {how}IF NOT EXISTS {name_of(kind)} ON {table} USING gin ({vector(kind)}) "
        f"WITH (gin_pending_list_limit = 256) WHERE {condition}"
    )
