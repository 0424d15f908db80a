"""The transcript as a value: words, segments, stitching, re-timing. Pure Python."""

from transcripts.document.values import Document, Segment, Timing, Word

__all__ = ["Document", "Segment", "Timing", "Word"]
