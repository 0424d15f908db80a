"""A model of Whisper that can be loaded, and the error for one that can't."""

from __future__ import annotations

from dataclasses import dataclass

VARIABLE = "WHISPER_MODEL"


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be loaded. `path` is its folder, or a name that faster-whisper downloads."""

    name: str
    path: str
    is_small: bool


class ModelUnavailable(Exception):
    """The model isn't available here. The message is one sentence: what is missing, and what to do."""
