"""The first page of a Word document, as text: what its template says, with the transcript in its place."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.table import Table

from transcripts.formats.documents.docx import HEADING

if TYPE_CHECKING:
    from collections.abc import Iterator


def page(content: bytes, lines: int) -> list[str]:
    """Return so many lines: the header first, the footer last."""
    document = Document(io.BytesIO(content))
    section = document.sections[0]
    first = section.different_first_page_header_footer
    header = list(_edge(section.first_page_header if first else section.header))
    footer = list(_edge(section.first_page_footer if first else section.footer))
    body = [*header, *([""] if header else []), *_body(document)]
    return [*body[: lines - len(footer) - 1], "", *footer] if footer else body[:lines]


def _edge(part: Any) -> Iterator[str]:
    """Yield the lines of a header or footer; one that there is none of would be added by reading it."""
    if not part.is_linked_to_previous:
        yield from (line for line in _lines(part) if line.strip())


def _body(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from ("", *_rows(block))
        elif block.style is not None and block.style.name == HEADING:
            yield from ("", block.text)
        else:
            yield block.text


def _lines(part: Any) -> Iterator[str]:
    for block in part.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block)
        else:
            yield block.text


def _rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        yield ": ".join(cell.text for cell in row.cells)
