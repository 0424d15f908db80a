"""How a team keeps order among its recordings."""
