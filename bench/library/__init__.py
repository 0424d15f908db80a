"""The library of an archive."""
