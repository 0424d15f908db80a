"""Whether this machine keeps up with live speech, measured by what a draft takes now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from speechserver.recogniser.whisper import Whisper

# A word is shown after two drafts at the latest: with these it is, within 3 s of being spoken
MAX_DRAFT_S = 1.0
# A model slower than this falls behind with its final words too
MAX_WAIT_S = 3.0
MAX_MEASUREMENTS = 4


class TooSlow(Exception):
    """This machine can't transcribe this language live. The message is for people."""


@dataclass(frozen=True, slots=True)
class LiveModels:
    """The models of a live session; `drafts` may know English alone."""

    finals: Whisper
    drafts: Whisper


def choose_models(preferred: Whisper, draft_s: float, language: str, tiny: Callable[[], Whisper | None]) -> LiveModels:
    """Return the models that keep up, if a draft of the preferred one takes so many seconds. Raises TooSlow.

    If that is too long, tiny.en makes the drafts of English, and of a language that isn't known yet.
    """
    if draft_s <= MAX_DRAFT_S:
        return LiveModels(preferred, preferred)
    # Final words take several times as long, and phrases that wait for them are transcribed together
    if draft_s <= MAX_WAIT_S and language in ("", "en"):
        small = tiny()
        if small and fastest_draft_s(small) <= MAX_DRAFT_S:
            return LiveModels(preferred, small)
    raise TooSlow(too_slow_message(language))


def fastest_draft_s(whisper: Whisper) -> float:
    """Return what a draft takes, measured again while it seems too long: other work may have interfered."""
    fastest = whisper.measure_s()
    for _ in range(MAX_MEASUREMENTS - 1):
        if fastest <= MAX_DRAFT_S:
            break
        fastest = min(fastest, whisper.measure_s())
    return fastest


def too_slow_message(language: str) -> str:
    """Return the message for a language that was named or detected; empty for any."""
    return f"This machine is too slow for live transcription{' in this language' if language else ''}"
