"""Opening a live session: a model that is here, and that keeps up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from speechserver.models import NoModel
from speechserver.recogniser.live import LiveTranscription
from speechserver.recogniser.loading import load_tiny, load_wanted
from speechserver.recogniser.pace import TooSlow, choose, quickest_s

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["NoModel", "TooSlow", "open_live"]


def open_live(models: Path, language: str, vocabulary: str) -> LiveTranscription:
    """Load what follows live speech in this language; empty: whichever is spoken. Raises NoModel, TooSlow."""
    _, whisper, _ = load_wanted(models, passes=2)  # a draft and a final one
    pair = choose(whisper, quickest_s(whisper), language, lambda: load_tiny(models))
    return LiveTranscription(pair.finals, pair.drafts, language, vocabulary)
