"""Markdown: a heading, the details as a list, and a paragraph a segment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcripts.document.plain import one_line
from transcripts.formats.documents.turns import DocumentOptions, turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcripts.formats.script import Script

Options = DocumentOptions

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&])")
# What begins a list or a heading at the beginning of a line
_BEGINNING = re.compile(r"^([-+=:]|\d+(?=[.)]))")


def render(script: Script, options: DocumentOptions) -> bytes:
    """Return the document; nothing in a text or a name acts as markup."""
    return ("\n\n".join(_blocks(script, options)) + "\n").encode()


def _blocks(script: Script, options: DocumentOptions) -> Iterator[str]:
    if script.title:
        yield f"# {_inline(script.title)}"
    if options.details and script.details:
        yield "\n".join(f"- {_inline(label)}: {_inline(value)}" for label, value in script.details)
    for turn in turns(script, options):
        name = f"**{_inline(turn.speaker)}**" if turn.speaker else ""
        if heading := " ".join(part for part in (name, f"\\[{turn.time}\\]" if turn.time else "") if part):
            yield heading
        yield from (_line(segment.text) for segment in turn.segments)


def _inline(text: str) -> str:
    return _MARKUP.sub(r"\\\1", one_line(text))


def _line(text: str) -> str:
    return _BEGINNING.sub(_escaped, _inline(text))


def _escaped(found: re.Match[str]) -> str:
    mark = found.group(1)
    return mark + "\\" if mark[0].isdigit() else "\\" + mark
