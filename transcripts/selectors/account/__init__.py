"""What the pages of one person show."""
