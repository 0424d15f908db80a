"""Provider accounts as an operator sees them: health, limits in use now, what they were asked, and what is wrong."""
