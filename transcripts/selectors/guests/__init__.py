"""What guests get of a transcript: all of it, or as much as their link shows."""
