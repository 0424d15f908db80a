"""The formats of exports: the one list that the export dialog, the export's address and the terminal read."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from transcripts.formats.options import Option, described, read_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transcripts.formats.script import Script


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its module, its files' content type and extension, and its name and purpose in the export dialog.

    The module has `Options`, a frozen dataclass with defaults, and `render(script, options) -> bytes`. It is loaded
    when it is first needed, for some formats need large libraries.
    """

    module: str
    content_type: str
    label: str
    purpose: str
    extension: str

    @property
    def options(self) -> type:
        """The class of its options."""
        options: type = import_module(self.module).Options
        return options

    @property
    def described(self) -> dict[str, Option]:
        """Its options by name, as a form shows them."""
        return described(self.options)


@dataclass(frozen=True, slots=True)
class Rendered:
    """An exported transcript, as a file's content."""

    content: bytes
    content_type: str
    extension: str


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = {
    "txt": Format("transcripts.formats.txt", "text/plain; charset=utf-8", "TXT", "plain text", "txt"),
    "srt": Format("transcripts.formats.srt", "application/x-subrip; charset=utf-8", "SRT", "subtitles", "srt"),
    "vtt": Format("transcripts.formats.vtt", "text/vtt; charset=utf-8", "VTT", "captions for the web", "vtt"),
    "docx": Format("transcripts.formats.documents.docx", WORD, "DOCX", "Word document", "docx"),
    "pdf": Format("transcripts.formats.documents.pdf", "application/pdf", "PDF", "to read and print", "pdf"),
    "md": Format(
        "transcripts.formats.documents.md", "text/markdown; charset=utf-8", "Markdown", "for wikis and notes", "md"
    ),
    "csv": Format("transcripts.formats.csv", "text/csv; charset=utf-8", "CSV", "for spreadsheets", "csv"),
    "json": Format("transcripts.formats.json", "application/json", "JSON", "every word with its times", "json"),
    "whisper": Format(
        "transcripts.formats.whisper", "application/json", "Whisper JSON", "as Whisper writes it", "json"
    ),
}


def options(name: str, given: Mapping[str, str]) -> Any:
    """Read the options of the format of this name. Raises KeyError for an unknown format, OptionError."""
    return read_options(FORMATS[name].options, given)


def render(name: str, script: Script, options: Any = None) -> Rendered:
    """Return the script in the format of this name, with its default options if none are given.

    Raises KeyError for an unknown format.
    """
    format = FORMATS[name]
    content: bytes = import_module(format.module).render(script, format.options() if options is None else options)
    return Rendered(content, format.content_type, format.extension)
