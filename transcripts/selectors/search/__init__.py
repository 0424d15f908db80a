"""The read side of the search: what a person may find, in which order, and what the page shows of it."""
