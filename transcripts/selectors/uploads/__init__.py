"""What a person sees of their uploads."""
