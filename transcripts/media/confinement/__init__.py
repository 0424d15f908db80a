"""What keeps a decoder to its input and its output. Run as a script, apart from the rest of the project."""
