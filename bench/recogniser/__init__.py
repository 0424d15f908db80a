"""Figures of the local recogniser, on the recordings of the corpus."""
