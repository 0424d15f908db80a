"""Recordings above what a provider takes at once: planned, cut, sent and joined in slices (decision 45)."""
