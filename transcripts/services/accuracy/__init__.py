"""How right machines were: their text against the text that people approved."""
