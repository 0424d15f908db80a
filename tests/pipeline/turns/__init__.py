"""Whose turn it is, at a provider and at the decoders."""
