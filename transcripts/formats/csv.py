"""CSV (RFC 4180) for spreadsheets: a row a segment. Cells that a spreadsheet would calculate are defused.

A cell that begins like a formula gets an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from transcripts.document.plain import one_line
from transcripts.formats.options import NoOptions
from transcripts.formats.timecode import timecode

if TYPE_CHECKING:
    from transcripts.formats.script import Script

Options = NoOptions
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEADER = ("Start", "End", "Speaker", "Language", "Text")


def render(script: Script, options: NoOptions) -> bytes:
    """Return the table. It begins with a byte order mark, by which Excel knows that it is UTF-8."""
    file = io.StringIO(newline="")
    rows = csv.writer(file)
    rows.writerow(HEADER)
    for segment in script.segments:
        speaker, language, text = segment.speaker or "", segment.language or "", segment.text
        rows.writerow([_time(segment.start_ms), _time(segment.end_ms), *map(defused, (speaker, language, text))])
    return file.getvalue().encode("utf-8-sig")


def _time(ms: int | None) -> str:
    return "" if ms is None else timecode(ms, ".")


def defused(text: str) -> str:
    """Return the text on one line, with an apostrophe in front if a spreadsheet would calculate it."""
    line = one_line(text)
    return f"'{line}" if text.startswith(FORMULA) or line.startswith(FORMULA) else line
