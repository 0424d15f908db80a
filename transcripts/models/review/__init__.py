"""What people add to a transcript while they review it: who does it, where they are, terms, and certificates."""
