"""Whether this machine keeps up with live speech, by what its passes take now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from speechserver.recogniser.whisper import Whisper

# A word is shown after two drafts at the latest: with these it is, within 3 s of being said
MOST_DRAFT_S = 1.0
# A model slower than this doesn't get its final words out either
MOST_WAIT_S = 3.0
MOST_MEASUREMENTS = 4


class TooSlow(Exception):
    """This machine can't follow live speech in this language. The message is for people."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The models of a live session; `drafts` may know English alone."""

    finals: Whisper
    drafts: Whisper


def choose(wanted: Whisper, draft_s: float, language: str, tiny: Callable[[], Whisper | None]) -> Pair:
    """Return the models that keep up, if a draft of the wanted one takes so many seconds. Raises TooSlow.

    If that is too long, tiny.en makes the drafts of English; so it does until it turns out which language is spoken.
    """
    if draft_s <= MOST_DRAFT_S:
        return Pair(wanted, wanted)
    # Its final words take several times as long, and phrases that wait for them are heard together
    if draft_s <= MOST_WAIT_S and language in ("", "en"):
        small = tiny()
        if small and quickest_s(small) <= MOST_DRAFT_S:
            return Pair(wanted, small)
    raise TooSlow(too_slow(language))


def quickest_s(whisper: Whisper) -> float:
    """Return what a draft takes, measured again while it seems too long: other work may have come between."""
    quickest = whisper.measure_s()
    for _ in range(MOST_MEASUREMENTS - 1):
        if quickest <= MOST_DRAFT_S:
            break
        quickest = min(quickest, whisper.measure_s())
    return quickest


def too_slow(language: str) -> str:
    """Return the message for a language that was named or detected; empty for any."""
    return f"This machine is too slow for live transcription{' in this language' if language else ''}"
