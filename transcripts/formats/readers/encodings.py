"""The text of a file whose encoding no one wrote down.

A byte order mark decides, then NUL bytes (UTF-16), then UTF-8, which text in other encodings is next to never valid
as. What is left is Windows-1251 if its letters beyond ASCII are mostly side by side, as in Cyrillic words, else
Windows-1252.
"""

from __future__ import annotations

import codecs
import re

from transcripts.formats.readers.errors import Unreadable

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 4_000
NOT_TEXT = "This file is not text in an encoding that is known here. Save it as UTF-8 and try again."


def decode(content: bytes) -> str:
    """Return the text with one kind of line end. Raises Unreadable."""
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        raise Unreadable(NOT_TEXT) from error
    if "\0" in text:
        raise Unreadable(NOT_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding(content: bytes) -> str:
    for mark, name in MARKS:
        if content.startswith(mark):
            return name
    if wide := _wide(content[:SAMPLE]):
        return wide
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _of_windows(content)
    return "utf-8"


def _wide(sample: bytes) -> str:
    """Tell UTF-16 without a mark by its NUL bytes: every other one in text with ASCII."""
    low, high = sample[::2].count(0), sample[1::2].count(0)
    few = len(sample) // 10
    if high > few and not low:
        return "utf-16-le"
    return "utf-16-be" if low > few and not high else ""


def _of_windows(content: bytes) -> str:
    letters = len(re.findall(rb"[\xc0-\xff]", content))
    in_words = sum(len(run) for run in re.findall(rb"[\xc0-\xff]{2,}", content))
    return "cp1251" if 2 * in_words > letters else "cp1252"
