"""Who can create an account."""
