"""The read side of the library: a page of rows in a handful of queries, whatever the number of recordings."""

from transcripts.selectors.library.filters import SORTS, STATES, Filters, editable
from transcripts.selectors.library.listing import LibraryPage, page
from transcripts.selectors.library.rows import Row, row, rows_of

__all__ = ["SORTS", "STATES", "Filters", "LibraryPage", "Row", "editable", "page", "row", "rows_of"]
