"""The options of formats: dataclasses with defaults, how to read them from text, and how a form shows them.

Each format's module has its own class `Options`; a field is an option, its default says what a plain export has.
Fields are made by `switch`, `choice` and `number`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

BOOLEANS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class FormatError(ValueError):
    """The format can't hold this transcript. The message says why and what to do."""


class OptionError(ValueError):
    """An option that the format doesn't have, or a value that the option can't take. The message says which."""


@dataclass(frozen=True, slots=True)
class Option:
    """What a form shows of one option: its label, and what it can be.

    `choices` maps values to labels; `least` and `most` bound a number; an option without either is a switch. `only_if`
    names another option and the value that it must have for this one to matter.
    """

    label: str
    choices: Mapping[str, str] | None = None
    least: int = 0
    most: int = 0
    only_if: tuple[str, str] | None = None

    @property
    def kind(self) -> str:
        """How it is entered: `choice`, `number` or `switch`."""
        return "choice" if self.choices else "number" if self.most else "switch"


@dataclass(frozen=True, slots=True)
class NoOptions:
    """The options of a format that has none."""


def switch(label: str, *, default: bool) -> Any:
    """Make a field that is on or off."""
    return field(default=default, metadata={"option": Option(label)})


def choice(label: str, choices: Mapping[str, str], default: str) -> Any:
    """Make a field that is one of several values."""
    return field(default=default, metadata={"option": Option(label, choices)})


def number(label: str, default: int, *, least: int, most: int, only_if: tuple[str, str] | None = None) -> Any:
    """Make a field that is a whole number."""
    return field(default=default, metadata={"option": Option(label, None, least, most, only_if)})


def described(options: type) -> dict[str, Option]:
    """Return the options of a class by name, in the order in which a form shows them."""
    return {one.name: one.metadata["option"] for one in fields(options)}


def read_options(options: type[T], given: Mapping[str, str]) -> T:
    """Read options from names and values, such as those of a query. Raises OptionError."""
    known = described(options)
    return options(**{name: _value(name, text, known) for name, text in given.items()})


def _value(name: str, text: str, known: Mapping[str, Option]) -> bool | int | str:
    if name not in known:
        these = f"choose one of {', '.join(known)}" if known else "this format has no options"
        raise OptionError(f"Unknown export option “{name}”; {these}.")
    option = known[name]
    if option.choices:
        if text in option.choices:
            return text
        raise _impossible(name, text, f"choose one of {', '.join(option.choices)}")
    if option.kind == "number":
        if text.isascii() and text.isdigit() and option.least <= int(text) <= option.most:
            return int(text)
        raise _impossible(name, text, f"use a whole number from {option.least} to {option.most}")
    if text.lower() not in BOOLEANS:
        raise _impossible(name, text, "use yes or no")
    return BOOLEANS[text.lower()]


def _impossible(name: str, text: str, advice: str) -> OptionError:
    return OptionError(f"The export option “{name}” can’t be “{text[:40]}”; {advice}.")
