"""The Procfile: one process a line, `name: command`."""

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
    """One process to keep: its name and its words, whose $VARIABLES are not filled in yet."""

    name: str
    words: tuple[str, ...]

    def argv(self, variables: Mapping[str, str]) -> list[str]:
        """The command with every variable filled in, without a shell. Raises Refusal for an unset one."""
        try:
            return [Template(word).substitute(variables) for word in self.words]
        except KeyError as missing:
            raise Refusal(f"The Procfile's line {self.name!r} needs the variable {missing.args[0]}.") from None


def read_procfile(path: Path) -> list[Entry]:
    """The entries in the order they are written. Raises Refusal for a line that is none."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return [_entry(line) for line in lines if line and not line.startswith("#")]


def _entry(line: str) -> Entry:
    match = LINE.fullmatch(line)
    if match is None:
        raise Refusal(f"The Procfile has a line that is not 'name: command': {line}")
    return Entry(match[1], tuple(shlex.split(match[2])))
