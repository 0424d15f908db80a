"""The operator's console."""

from transcripts.admin import live, processing, providers, recordings, review

__all__ = ["live", "processing", "providers", "recordings", "review"]
