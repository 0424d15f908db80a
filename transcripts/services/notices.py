"""What a person should know about a recording: audio that could not be read, a choice that was made for them.

A notice is stored as a code and its values and worded here, for the page, the terminal and exports alike. It never
holds transcript text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

from django.db import transaction

from transcripts.models import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from uuid import UUID

Source = Literal["media", "transcript"]


class Notice(TypedDict):
    """One notice. `source` says whose work it is about: preparing the media, or reading the provider's answer."""

    source: Source
    code: str
    values: dict[str, int | str | list[str]]


WHY_LEFT_OUT = {
    "silent": "there is no audio in it",
    "same": "it holds the same audio",
    "mixed": "it is a mix of the others",
    "language": "it is in another language",
    "too_many": "one recording can’t hold so much audio",
    "choice": "someone chose other tracks",
    "channels": "each channel has a voice of its own",
}


def _unread(values: Mapping[str, Any]) -> str:
    return f"About {lasting(values['about_ms'])} of audio could not be read. The rest is complete."


def _cut_off(values: Mapping[str, Any]) -> str:
    return "The file stops in the middle of the audio, so the end may be missing. Everything before it was read."


def _closed(values: Mapping[str, Any]) -> str:
    return (
        f"A gap of {lasting(values['about_ms'])} without audio was left out, so times after it are earlier than in the "
        "original file."
    )


def _left_out(values: Mapping[str, Any]) -> str:
    kept, left_out = enumerated(values["kept"]), enumerated(values["left_out"])
    why = WHY_LEFT_OUT.get(values["why"], "")
    if len(values["left_out"]) > 1:
        why = why.replace("it is", "they are").replace("it holds", "they hold").replace("in it", "in them")
    return f"Transcribed: {kept}. Left out: {left_out}, because {why}."


def _cancel(values: Mapping[str, Any]) -> str:
    return "The channels of this recording cancel each other out when mixed, so they were combined in another way."


def _times_clamped(values: Mapping[str, Any]) -> str:
    few = "1 time" if values["count"] == 1 else f"{values['count']:,} times"
    return f"The provider gave {few} past the end of the recording. These words are shown at its end; check them there."


def _times_recognised(values: Mapping[str, Any]) -> str:
    return (
        f"“{values['filename']}” has no times. They were found by {values['engine']}, which transcribed the audio and "
        "compared the words. Check them; words that differ are marked as doubtful."
    )


def _times_estimated(values: Mapping[str, Any]) -> str:
    return (
        f"“{values['filename']}” has no times, and no speech recogniser on this machine could find them. They are "
        "estimated from the length of the text, so words may be far from their audio."
    )


def _missing(values: Mapping[str, Any]) -> str:
    return f"{moment(values['from_ms'])}–{moment(values['until_ms'])} couldn’t be transcribed. {values['why']}"


# Each code with the function that words it from its values.
MESSAGES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "unread_audio": _unread,
    "cut_off": _cut_off,
    "gap_closed": _closed,
    "tracks_left_out": _left_out,
    "channels_cancel": _cancel,
    "missing": _missing,
    "times_clamped": _times_clamped,
    "times_recognised": _times_recognised,
    "times_estimated": _times_estimated,
}


@transaction.atomic
def replace(recording_id: UUID, source: Source, found: Iterable[Notice]) -> None:
    """Store the notices of one source in place of those it left before. Call it in the transaction of that work."""
    recording = Recording.objects.select_for_update().only("pk", "notices").get(pk=recording_id)
    others = [notice for notice in recording.notices if notice["source"] != source]
    recording.notices = [*others, *found]
    recording.save(update_fields=["notices"])


def messages(recording: Recording) -> list[str]:
    """Return the recording's notices as sentences, in the order they were found."""
    return [message(notice) for notice in recording.notices]


def message(notice: Notice) -> str:
    """Word one notice; a code that this release does not know stays readable."""
    wording = MESSAGES.get(notice["code"])
    return wording(notice["values"]) if wording else notice["code"].replace("_", " ").capitalize() + "."


def lasting(ms: int) -> str:
    """Word a length of time, rounded to what matters: "11 s", "3 min 5 s", "2 h 10 min"."""
    seconds = max(1, round(ms / 1000))
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def moment(ms: int) -> str:
    """Word a moment of a recording: 0:41, 48:05 or 5:02:31."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def enumerated(names: Sequence[str]) -> str:
    """Word a list: "Desktop and Mic"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
