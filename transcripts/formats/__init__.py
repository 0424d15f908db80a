"""Export formats, one file each: pure functions from a script to a file's content.

To add one: write `transcripts/formats/NAME.py` with `Options` and `render(script, options) -> bytes`, and give it a
line in `registry.FORMATS`. What reads transcripts of other programs is in `readers/`.
"""

from transcripts.formats.options import FormatError, Option, OptionError
from transcripts.formats.previews import preview
from transcripts.formats.registry import FORMATS, Format, Rendered, options, render
from transcripts.formats.script import Notice, Script, Template

__all__ = [
    "FORMATS",
    "Format",
    "FormatError",
    "Notice",
    "Option",
    "OptionError",
    "Rendered",
    "Script",
    "Template",
    "options",
    "preview",
    "render",
]
