"""What is kept of the past: what work cost, and how right it was."""
