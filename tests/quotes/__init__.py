"""Quotations held against the archive."""
