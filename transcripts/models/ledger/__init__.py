"""What is counted for good: what work cost, and how right it was."""
