"""Costs and accuracy in the console: rows, and pages that add them up."""

from transcripts.admin.ledger import rows

__all__ = ["rows"]
