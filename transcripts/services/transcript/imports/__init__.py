"""Transcripts that people already have: the file as it came, and the transcript that is written from it."""
