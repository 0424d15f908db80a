"""What is searched in a text, what a person asked for, and where the one is in the other, for every database."""
