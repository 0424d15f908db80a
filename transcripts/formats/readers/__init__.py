"""Readers of transcripts that already exist, one file a format: pure functions from a file's content to a document.

To add one: write `transcripts/formats/readers/NAME.py` with `read`, and let `reader.py` recognise its content.
"""

from transcripts.formats.readers.errors import Unreadable
from transcripts.formats.readers.reader import MOST_BYTES, SUFFIXES, has_times, read

__all__ = ["MOST_BYTES", "SUFFIXES", "Unreadable", "has_times", "read"]
