"""Names of folders, tags and saved filters: one line, not empty, and each once, whatever its case."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from transcripts.document.plain import one_line
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMELESS = "A name is missing. Type one, and try again."


def name_of(text: str, *, longest: int) -> str:
    """Return a name as it is stored. Raises Refused if nothing is left of it."""
    name = one_line(text)[:longest].strip()
    if not name:
        raise Refused("no_name", NAMELESS)
    return name


@contextmanager
def only_one(what: str) -> Iterator[None]:
    """Let the database admit each name once. Raises Refused if there is one already."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Refused("name_taken", f"There is a {what} of this name already. Choose another name.") from None
