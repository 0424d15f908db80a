"""The operator's console."""

from transcripts.admin import live, processing, providers, recordings, review, vocabulary

__all__ = ["live", "processing", "providers", "recordings", "review", "vocabulary"]
