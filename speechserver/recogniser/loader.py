"""Load the configured model, or Whisper base if that one isn't available."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from speechserver import models
from speechserver.recogniser.whisper import Whisper

if TYPE_CHECKING:
    from pathlib import Path

    from speechserver.models import Model

# More threads than this make a pass hardly faster
MAX_THREADS = 4


def threads() -> int:
    """Return how many threads one model uses here."""
    return min(MAX_THREADS, os.cpu_count() or 1)


def load_configured(folder: Path, *, passes: int = 1) -> tuple[Model, Whisper, str]:
    """Load the model that WHISPER_MODEL names, or base if it isn't available; all threads are shared by the passes.

    The third value is one sentence that says why another model was taken, empty if none was. Raises ModelUnavailable
    if there is none at all.
    """
    configured = os.environ.get(models.VARIABLE, "")
    try:
        return (*_load(configured, folder, passes), "")
    except models.ModelUnavailable as error:
        if not configured.strip():
            raise
        return (*_load("", folder, passes), f"{error} Whisper base is used instead.")


def load_tiny(folder: Path) -> Whisper | None:
    """Load tiny.en, which transcribes English at a third of base's cost; None if it isn't installed."""
    try:
        return _load_verified(models.tiny_english(folder), folder, 1)
    except models.ModelUnavailable:
        return None


def _load(name: str, folder: Path, passes: int) -> tuple[Model, Whisper]:
    model = models.find(name, folder)
    return model, _load_verified(model, folder, passes)


def _load_verified(model: Model, folder: Path, passes: int) -> Whisper:
    models.verify(model, folder)
    try:
        return Whisper(model.path, passes=passes, threads=max(1, threads() // passes), download_to=str(folder))
    except Exception as error:  # a download may raise anything
        raise models.unloadable(model, error) from error
