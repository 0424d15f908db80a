"""The text of exported files, read by programs that others wrote."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

import docx
import pypdfium2

from transcripts import formats

if TYPE_CHECKING:
    from transcripts.formats import Script


def rendered(name: str, script: Script, **options: str) -> bytes:
    """Return the content of an export."""
    return formats.render(name, script, formats.options(name, options)).content


def text_of(name: str, content: bytes) -> str:
    """Return everything that a reader of this file sees."""
    if name == "docx":
        return docx_text(content)
    if name == "pdf":
        return pdf_text(content)
    text = content.decode("utf-8-sig")
    if name == "csv":
        return "\n".join(cell for row in csv.reader(io.StringIO(text)) for cell in row)
    if name in ("json", "whisper"):
        return str(json.loads(text)["text"])
    return re.sub(r"\\(.)", r"\1", text) if name == "md" else text


def docx_text(content: bytes) -> str:
    """Return the paragraphs of a Word document and the cells of its tables."""
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])


def pdf_text(content: bytes) -> str:
    """Return the text of all pages, as Chromium's PDF reader finds it."""
    return "\n".join(pdf_pages(content))


def pdf_pages(content: bytes) -> list[str]:
    """Return the text of each page."""
    with closing(pypdfium2.PdfDocument(content)) as document:
        return [_page_text(page) for page in document]


def _page_text(page: Any) -> str:
    with closing(page), closing(page.get_textpage()) as text:
        return str(text.get_text_range())
