"""The index in PostgreSQL: GIN over expressions of the rows."""
