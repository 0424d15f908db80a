"""The history of a transcript: its edits as people think of them, its states compared, and what a segment once said."""
