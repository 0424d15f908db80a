"""Transcripts as files."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format

from transcripts import formats
from transcripts.document import Segment, Timing, Word
from transcripts.formats.documents.templates import NAMES as TEMPLATE_NAMES
from transcripts.services import notices, templates
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from transcripts.models import Segment as SegmentRow
    from transcripts.models import Transcript

# So many segments are rendered for a preview.
PREVIEWED = 12


def export(transcript: Transcript, name: str, options: Mapping[str, str] | None = None) -> formats.Rendered:
    """Return the transcript in the format of this name.

    Raises KeyError for an unknown format; Refused for options, and if the format can't hold the text.
    """
    return written(_for_format(name, transcript), name, options)


def written(content: formats.Script, name: str, options: Mapping[str, str] | None = None) -> formats.Rendered:
    """Return a script in the format of this name. Raises like `export`."""
    check_options(name, options or {})
    try:
        return formats.render(name, content, formats.options(name, options or {}))
    except formats.FormatError as error:
        raise Refused("export_letters", str(error)) from error


def _for_format(name: str, transcript: Transcript, *, first: int | None = None) -> formats.Script:
    """Read the transcript, or its `first` segments, for a Word document with the template of its team."""
    whole = script(transcript, first=first)
    content = templates.content_of(transcript.recording.team) if name == "docx" else None
    if content is None:
        return whole
    known = {label.lower(): value for label, value in whole.details}
    values = {one: known.get(one, "") for one in TEMPLATE_NAMES}
    values |= {"title": whole.title, "team": str(transcript.recording.team)}
    return replace(whole, template=formats.Template(content, values))


def preview(transcript: Transcript, name: str, options: Mapping[str, str] | None = None) -> str:
    """Return how the export begins, as text. Raises like `export`."""
    check_options(name, options or {})
    return formats.preview(name, _for_format(name, transcript, first=PREVIEWED), formats.options(name, options or {}))


def check_options(name: str, options: Mapping[str, str]) -> None:
    """Raise Refused if the format doesn't have these options, or they can't take these values."""
    try:
        formats.options(name, options)
    except formats.OptionError as error:
        raise Refused("export_option", str(error)) from error


def script(transcript: Transcript, *, first: int | None = None) -> formats.Script:
    """Read the transcript, or its `first` segments, as a value with the speakers' labels as people gave them."""
    recording = transcript.recording
    rows = list(transcript.segments.select_related("speaker").order_by("position")[:first])
    return formats.Script(
        title=recording.title,
        language=transcript.language,
        duration_ms=recording.duration_ms,
        engine=transcript.engine,
        segments=tuple(_segment(row, transcript.language) for row in rows),
        language_probability=transcript.language_probability,
        notices=tuple(
            formats.Notice(notice["code"], dict(notice["values"]), notices.message(notice))
            for notice in recording.notices
        ),
        details=tuple(_details(transcript)),
        keys=tuple(row.key for row in rows),
    )


def _details(transcript: Transcript) -> Iterator[tuple[str, str]]:
    """What documents say of the recording, as far as it is known."""
    recording = transcript.recording
    yield "Date", date_format(timezone.localtime(recording.created_at), "j F Y")
    if recording.duration_ms:
        yield "Duration", f"{timedelta(seconds=recording.duration_ms // 1000)}"
    if speakers := [speaker.label for speaker in transcript.speakers.order_by("position") if speaker.label]:
        yield "Speakers", ", ".join(speakers)
    yield "Status", transcript.get_status_display()


def _segment(row: SegmentRow, language: str) -> Segment:
    return Segment(
        text=row.text,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        speaker=row.speaker.label if row.speaker else None,
        words=tuple(Word(text, start, end, sure, Timing(timing)) for text, start, end, sure, timing in row.words),
        language=row.language or language or None,
    )
