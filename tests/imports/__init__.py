"""Importing transcripts that people already have."""
