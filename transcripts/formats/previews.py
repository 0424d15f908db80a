"""How an export begins, as text: the format itself, or for documents what is on their first page, with the template."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from transcripts.formats.documents.turns import DocumentOptions, clean, turns
from transcripts.formats.registry import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcripts.formats.script import Script

LINES = 40
# What reads Word documents is loaded once it is needed
PAGES = "transcripts.formats.documents.pages"


def preview(name: str, script: Script, options: Any) -> str:
    """Return the first lines of an export. Raises KeyError for an unknown format, FormatError."""
    if script.template is not None:
        lines = import_module(PAGES).page(render(name, script, options).content, LINES)
    elif isinstance(options, DocumentOptions) and name != "md":
        lines = list(_document(script, options))
    else:
        lines = render(name, script, options).content.decode("utf-8-sig").splitlines()
    return "\n".join(lines[:LINES])


def _document(script: Script, options: DocumentOptions) -> Iterator[str]:
    yield clean(script.title)
    yield ""
    if options.details:
        yield from (f"{clean(label)}: {clean(value)}" for label, value in script.details)
        yield ""
    for turn in turns(script, options):
        if turn.heading:
            yield turn.heading
        yield from (clean(segment.text) for segment in turn.segments)
        yield ""
