"""Teams: who is in them with which role, who is invited, and what they want for their recordings."""
