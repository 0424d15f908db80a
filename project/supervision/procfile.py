"""Read the Procfile: one process a line, `name: command`."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING

from project.instance import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LINE = re.compile(r"([a-z][a-z0-9_-]*):\s*(\S.*)")


@dataclass(frozen=True)
class Entry:
    """One process: its name and the words of its command, with $VARIABLES."""

    name: str
    words: tuple[str, ...]

    def argv(self, variables: Mapping[str, str]) -> list[str]:
        """Return the command with all variables substituted, without a shell. Raises Refusal for an unset one."""
        try:
            return [Template(word).substitute(variables) for word in self.words]
        except KeyError as missing:
            raise Refusal(f"The Procfile's line {self.name!r} needs the variable {missing.args[0]}.") from None


def read_procfile(path: Path) -> list[Entry]:
    """Return the entries in order. Raises Refusal for an invalid line."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return [_entry(line) for line in lines if line and not line.startswith("#")]


def _entry(line: str) -> Entry:
    match = LINE.fullmatch(line)
    if match is None:
        raise Refusal(f"The Procfile has a line that isn't 'name: command': {line}")
    return Entry(match[1], tuple(shlex.split(match[2])))
