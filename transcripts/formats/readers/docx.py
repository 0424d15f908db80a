"""Word documents, read with python-docx as the lines that `txt` reads.

A document is a ZIP file, so its size is bounded before anything is unpacked.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document as WordDocument
from docx.table import Table

from transcripts.formats.documents import packages
from transcripts.formats.documents.docx import HEADING
from transcripts.formats.readers import names, txt
from transcripts.formats.readers.errors import Unreadable
from transcripts.formats.readers.times import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcripts.document import Document

MOST_BYTES = 128 * 1024 * 1024
TITLES = ("Title", "Subtitle")
BROKEN = "This file is not a Word document that can be read. Save it as .docx again, or as plain text."
TOO_LARGE = "This Word document is larger inside than a transcript can be. Save it as plain text."


def read(content: bytes) -> Document:
    """Return what the document says, without its title. Raises Unreadable."""
    refuse_bombs(content)
    try:
        document = WordDocument(io.BytesIO(content))
        lines = list(_lines(document))
    except Unreadable:
        raise
    # python-docx and lxml have no common error for what is no document
    except Exception as error:
        raise Unreadable(BROKEN) from error
    return txt.read("\n".join(lines))


def refuse_bombs(content: bytes) -> None:
    """Raise Unreadable for a file that is no package, or more inside than a document can be."""
    try:
        packages.require_bounded(content, MOST_BYTES)
    except packages.BrokenPackage as error:
        raise Unreadable(BROKEN) from error
    except packages.LargePackage as error:
        raise Unreadable(TOO_LARGE) from error


def _lines(document: Any) -> Iterator[str]:
    """Yield the paragraphs with a blank line after each, and the rows of tables as a line each."""
    is_titled = False
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            # A table right below the title holds details of the transcript, as our own exports have
            if not is_titled:
                yield from _rows(block)
            is_titled = False
            continue
        style = block.style.name if block.style is not None else ""
        is_titled = style in TITLES
        if not is_titled:
            yield from _paragraph(_heading(block.text) if style == HEADING else block.text)


def _heading(text: str) -> str:
    """Return the heading of a turn in our own exports, "00:01:02  Anna", as `txt` reads it."""
    time, _, name = text.rpartition("  ")
    if not time and milliseconds(name) is not None:
        return f"[{name}]"
    return f"[{time}] {name}:" if time else f"{name}:"


def _paragraph(text: str) -> Iterator[str]:
    yield from text.split("\n")
    yield ""


def _rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        cells = [cell.text.strip() for cell in row.cells]
        time = next((cell for cell in cells if milliseconds(cell) is not None), "")
        rest = [cell for cell in cells if cell and cell != time]
        if len(rest) > 1 and names.is_name(rest[0].rstrip(":")):
            rest[:1] = [rest[0].rstrip(":") + ":"]
        yield " ".join([f"[{time}]"] * bool(time) + [" ".join(rest).replace("\n", " ")])
        yield ""
