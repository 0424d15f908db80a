"""What the panel "Subtitles" shows."""

from transcripts.selectors.subtitles.panel import described

__all__ = ["described"]
