"""Acts on many recordings."""
