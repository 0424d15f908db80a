"""What the page of a transcript shows of its review: the header, and comments."""
