"""The index in SQLite: FTS5 tables that triggers write."""
