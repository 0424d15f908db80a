"""The operator's console."""

from transcripts.admin import live, processing, recordings

__all__ = ["live", "processing", "recordings"]
