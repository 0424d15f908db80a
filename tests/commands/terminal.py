"""`manage.py transcribe` in this process."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.core.management import call_command

if TYPE_CHECKING:
    from pathlib import Path


def transcribe(*arguments: object) -> str:
    """Run the command; return what it printed."""
    output = io.StringIO()
    call_command("transcribe", *(str(argument) for argument in arguments), stdout=output)
    return output.getvalue()


def names_in(folder: Path) -> set[str]:
    """Return what is in a folder for people."""
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}
