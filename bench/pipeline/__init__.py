"""Figures of uploads, of their way to a transcript and of edits."""
