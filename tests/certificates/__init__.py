"""Certified transcripts."""
