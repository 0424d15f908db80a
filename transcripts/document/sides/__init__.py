"""Two texts of one recording side by side: which of their words differ, and one's words put in the other's place."""
