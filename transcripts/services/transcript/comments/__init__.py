"""Comments on a transcript: where they are, who says what, and who is told."""
