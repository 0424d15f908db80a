"""The id that a provider gives an upload: what it is asked with afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcripts.document.plain import storable
from transcripts.providers.errors import BadAnswer
from transcripts.providers.wire import read_json

if TYPE_CHECKING:
    from transcripts.providers.wire import Reply

MAX_ID = 200
MAX_DAMAGED = 64 * 1024
GIVEN = rb'"\s*:\s*(?:"([A-Za-z0-9_.:-]{1,200})"|(\d{1,200})[\s,}])'


def id_in(reply: Reply, name: str) -> str:
    """Read the id of an upload, also out of an answer that is damaged around it: the upload is paid for.

    Raises BadAnswer.
    """
    try:
        data = read_json(reply)
    except BadAnswer:
        named = re.search(rb'"' + name.encode("ascii") + GIVEN, reply.body[:MAX_DAMAGED])
        if named is None:
            raise
        return (named[1] or named[2]).decode("ascii")
    return read_id(data.get(name))


def read_id(value: object) -> str:
    """Return an id that can be stored and asked with; a number is one too. Raises BadAnswer."""
    number = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(number, str) or not 0 < len(number) <= MAX_ID or number != storable(number):
        raise BadAnswer("The provider's answer has no processing id", status_code=200)
    return number
