"""What a person should know about a recording: audio that could not be read, a choice that was made for them.

A notice is stored as a code and its values and worded here, for the page, the terminal and exports alike. It never
holds transcript text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

from django.db import transaction

from transcripts.models import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from uuid import UUID

Source = Literal["media", "transcript"]


class Notice(TypedDict):
    """One notice. `source` says whose work it is about: preparing the media, or reading the provider's answer."""

    source: Source
    code: str
    values: dict[str, int | str | list[str]]


def _times_clamped(values: Mapping[str, object]) -> str:
    few = "1 time" if values["count"] == 1 else f"{values['count']:,} times"
    return f"The provider gave {few} past the end of the recording. These words are shown at its end; listen there."


# Each code with the function that words it from its values.
MESSAGES: dict[str, Callable[[Mapping[str, object]], str]] = {
    "times_clamped": _times_clamped,
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
