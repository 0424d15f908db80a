"""What a person sees of acts on many recordings."""
