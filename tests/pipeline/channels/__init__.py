"""Calls with a voice in each channel."""
