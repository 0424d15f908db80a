"""The operator's console."""

from transcripts.admin import exports, live, processing, providers, recordings

__all__ = ["exports", "live", "processing", "providers", "recordings"]
