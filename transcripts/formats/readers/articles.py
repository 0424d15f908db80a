"""The text of an article: a Word document or plain text, paragraph by paragraph."""

from __future__ import annotations

import io

from docx import Document as WordDocument

from transcripts.formats.readers import docx, encodings
from transcripts.formats.readers.errors import Unreadable


def read(content: bytes) -> str:
    """Return what an article says, a line for each paragraph. Raises Unreadable."""
    if not content.startswith(b"PK"):
        return encodings.decode(content)
    docx.refuse_bombs(content)
    try:
        document = WordDocument(io.BytesIO(content))
        return "\n\n".join(one.text for one in document.paragraphs)
    # python-docx and lxml have no common error for what is no document
    except Exception as error:
        raise Unreadable(docx.BROKEN) from error
