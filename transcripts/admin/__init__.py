"""The operator's console."""

from transcripts.admin import processing, recordings

__all__ = ["processing", "recordings"]
