"""The operator's console."""

from transcripts.admin import certificates, exports, live, mail, processing, providers, recordings, review, vocabulary

__all__ = ["certificates", "exports", "live", "mail", "processing", "providers", "recordings", "review", "vocabulary"]
