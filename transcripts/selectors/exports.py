"""What the export dialog shows: the formats, the options of the chosen one, and how the file begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts import formats
from transcripts.formats import FORMATS
from transcripts.services.errors import Refused
from transcripts.services.exports import requests
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import Team
    from transcripts.formats import Format, Option
    from transcripts.models import Transcript

FIRST_FORMAT = "txt"


@dataclass(frozen=True, slots=True)
class Field:
    """One option as a form shows it; `is_shown` is not set for one that the other options make useless."""

    name: str
    option: Option
    value: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The chosen format with its options, and the beginning of the file; `problem` says why there is none."""

    format: str
    fields: list[Field]
    options: dict[str, str]
    preview: str = ""
    problem: str = ""
    is_slow: bool = False

    @property
    def formats(self) -> Mapping[str, Format]:
        """Every format there is."""
        return FORMATS


def form(asked: Mapping[str, str], team: Team | None, transcript: Transcript | None = None) -> Form:
    """Return the form for what a page asked; without a format, what the team used last."""
    used = requests.remembered(team) if team else {}
    name = asked.get("format", "")
    if name not in FORMATS:
        name = next(iter(used), FIRST_FORMAT)
    given = options_in(asked, name) or used.get(name, {})
    try:
        exports.check_options(name, given)
        preview = exports.preview(transcript, name, given) if transcript else ""
    except (Refused, formats.FormatError) as error:
        return Form(name, _fields(name, given), given, problem=str(error))
    is_slow = transcript is None or requests.is_slow(transcript, name)
    return Form(name, _fields(name, given), given, preview, is_slow=is_slow)


def options_in(asked: Mapping[str, str], name: str) -> dict[str, str]:
    """Return those of the values that a form sent which are options of this format."""
    return {key: asked[key] for key in FORMATS[name].described if key in asked}


def _fields(name: str, given: Mapping[str, str]) -> list[Field]:
    defaults = FORMATS[name].options()
    values = {key: given.get(key, _text(getattr(defaults, key))) for key in FORMATS[name].described}
    return [
        Field(key, option, values[key], option.only_if is None or values[option.only_if[0]] == option.only_if[1])
        for key, option in FORMATS[name].described.items()
    ]


def _text(value: bool | int | str) -> str:  # noqa: FBT001 - the value of a switch
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
