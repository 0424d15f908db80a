"""Another provider's text of a recording beside its transcript: asked for, kept, used as a whole or in one place."""
