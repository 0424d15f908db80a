"""The options of formats: dataclasses with defaults, and how to read them from text.

Each format's module has its own class `Options`; a field is an option, its default says what a plain export has.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

T = TypeVar("T")

BOOLEANS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class OptionError(ValueError):
    """An option that the format doesn't have, or a value that the option can't take. The message says which."""


@dataclass(frozen=True, slots=True)
class NoOptions:
    """The options of a format that has none."""


def read_options(options: type[T], given: Mapping[str, str]) -> T:
    """Read options from names and values, such as those of a query. Raises OptionError."""
    defaults = {field.name: field.default for field in fields(options)}  # type: ignore[arg-type]
    return options(**{name: _value(name, text, defaults) for name, text in given.items()})


def _value(name: str, text: str, defaults: Mapping[str, Any]) -> bool:
    if name not in defaults:
        known = f"choose one of {', '.join(defaults)}" if defaults else "this format has no options"
        raise OptionError(f"Unknown export option “{name}”; {known}.")
    if text.lower() not in BOOLEANS:
        raise OptionError(f"The export option “{name}” can’t be “{text}”; use yes or no.")
    return BOOLEANS[text.lower()]
