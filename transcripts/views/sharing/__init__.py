"""Sharing a recording: with people and teams, and by link."""
