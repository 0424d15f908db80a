"""Quotations held against the archive that a person may read."""
