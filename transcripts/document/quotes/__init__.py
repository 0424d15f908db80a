"""Quotations: found in an article, and held against what was said."""
