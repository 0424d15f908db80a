"""What operators do from the console's first page."""
