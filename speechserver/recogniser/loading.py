"""Loading the model that is wanted, or the one that is there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from speechserver import models
from speechserver.recogniser.whisper import Whisper

if TYPE_CHECKING:
    from pathlib import Path

    from speechserver.models import Model

# More threads than this make a pass hardly faster
MOST_THREADS = 4


def threads() -> int:
    """Return how many threads one model uses here."""
    return min(MOST_THREADS, os.cpu_count() or 1)


def load_wanted(folder: Path, *, passes: int = 1) -> tuple[Model, Whisper, str]:
    """Load the model that WHISPER_MODEL names, or base if that can't be had; with all threads, shared by the passes.

    Returns with the two why another was taken, in one sentence, empty if none was. Raises NoModel if there is none.
    """
    wished = os.environ.get(models.VARIABLE, "")
    try:
        return (*_load(wished, folder, passes), "")
    except models.NoModel as missing:
        if not wished.strip():
            raise
        return (*_load("", folder, passes), f"{missing} Whisper base is used instead.")


def load_tiny(folder: Path) -> Whisper | None:
    """Load tiny.en, which hears English at a third of base's cost; None if it isn't here."""
    try:
        return _opened(models.tiny_english(folder), folder, 1)
    except models.NoModel:
        return None


def _load(wished: str, folder: Path, passes: int) -> tuple[Model, Whisper]:
    model = models.find(wished, folder)
    return model, _opened(model, folder, passes)


def _opened(model: Model, folder: Path, passes: int) -> Whisper:
    models.verify(model, folder)
    try:
        return Whisper(model.path, passes=passes, threads=max(1, threads() // passes), download_to=str(folder))
    except Exception as error:  # a download may raise anything
        raise models.unloadable(model, error) from error
