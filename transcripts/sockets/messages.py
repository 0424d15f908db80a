"""What pages say over sockets: JSON objects with a `type`. They are parsed, never compared as text."""

from __future__ import annotations

import json
from typing import Any

# The largest number of a change that is believed.
LARGEST = 1 << 60


def read(text: str) -> dict[str, Any]:
    """Return the message, an empty one if it isn't a JSON object."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def change_in(message: dict[str, Any]) -> int | None:
    """Return the change after which a page asks for news; None if it asks for something else."""
    change = message.get("change")
    if message.get("type") != "since" or not isinstance(change, int) or isinstance(change, bool):
        return None
    return change if 0 <= change < LARGEST else None
