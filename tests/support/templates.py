"""Word templates made by hand: their placeholders, split runs, headers, and what doesn't belong in one."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import docx
from docx.shared import Mm

if TYPE_CHECKING:
    from collections.abc import Callable


def template(
    *paragraphs: str, header: str = "", footer: str = "", change: Callable[[Any], None] | None = None
) -> bytes:
    """Return a template with these paragraphs; "|" in one begins a new run, as Word does wherever it likes."""
    document = docx.Document()
    for text in paragraphs:
        paragraph = document.add_paragraph()
        for run in text.split("|"):
            paragraph.add_run(run)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(100), Mm(200)
    if header:
        section.header.paragraphs[0].text = header
    if footer:
        section.footer.paragraphs[0].text = footer
    if change:
        change(document)
    return saved(document)


def saved(document: Any) -> bytes:
    """Return a document as a file."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def repacked(content: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """Return a document with its parts changed, and more parts added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, part in (more or {}).items():
            target.writestr(name, part)
    return file.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of a document by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
