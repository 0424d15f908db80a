"""How a transcript is edited: operations on its segments, merged by word when several people make them."""
