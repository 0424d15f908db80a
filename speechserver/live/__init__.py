"""Live sessions: the process that transcribes one, and the server's end of it."""
