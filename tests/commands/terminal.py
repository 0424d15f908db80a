"""`manage.py transcribe` in this process."""

from __future__ import annotations

import io

from django.core.management import call_command


def transcribe(*arguments: object) -> str:
    """Run the command; return what it printed."""
    output = io.StringIO()
    call_command("transcribe", *(str(argument) for argument in arguments), stdout=output)
    return output.getvalue()
