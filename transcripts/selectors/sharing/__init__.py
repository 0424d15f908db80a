"""The read side of sharing: whom a recording is shared with, and what others shared with a person."""
