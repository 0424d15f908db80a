"""The operator's console."""

from transcripts.admin import exports, live, processing, providers, recordings, review, vocabulary

__all__ = ["exports", "live", "processing", "providers", "recordings", "review", "vocabulary"]
