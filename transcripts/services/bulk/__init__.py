"""Acts on many recordings: begun, done by a worker in batches, and undone."""
