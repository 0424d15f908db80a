"""Open a live session with models that are on this machine and fast enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from speechserver.models import ModelUnavailable
from speechserver.recogniser.latency import TooSlow, choose_models, fastest_draft_s
from speechserver.recogniser.live import LiveTranscription
from speechserver.recogniser.loader import load_configured, load_tiny

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ModelUnavailable", "TooSlow", "open_session"]


def open_session(models: Path, language: str, vocabulary: str) -> LiveTranscription:
    """Load what transcribes this language live; empty: detect it. Raises ModelUnavailable, TooSlow.

    The terms of the vocabulary are separated by commas.
    """
    _, whisper, _ = load_configured(models, passes=2)  # a draft and a final one
    chosen = choose_models(whisper, fastest_draft_s(whisper), language, lambda: load_tiny(models))
    terms = tuple(filter(None, map(str.strip, vocabulary.split(","))))
    return LiveTranscription(chosen.finals, chosen.drafts, language, terms)
