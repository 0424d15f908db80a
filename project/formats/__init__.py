"""How dates and numbers are written if a page does not say how, by language."""
