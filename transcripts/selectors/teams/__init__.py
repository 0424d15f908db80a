"""Teams as their pages and the rail show them."""
