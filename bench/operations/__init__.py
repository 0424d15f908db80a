"""How long the console takes for an archive."""
