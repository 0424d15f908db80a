"""Whether this machine keeps up with live speech, by what its passes take now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from speechserver.recogniser.whisper import Speed, Whisper

# A word is shown after two drafts at the latest: with these it is, within 3 s of being said
MOST_DRAFT_S = 1.0
# After a phrase no draft is made until its final words are there
MOST_FINAL_S = 4.0


class TooSlow(Exception):
    """This machine can't follow live speech in this language. The message is for people."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The models of a live session; `drafts` may know English alone."""

    finals: Whisper
    drafts: Whisper


def choose(wanted: Whisper, speed: Speed, language: str, tiny: Callable[[], Whisper | None]) -> Pair:
    """Return the models that keep up. Raises TooSlow.

    Where the drafts of the wanted model are too slow, tiny.en makes those of English; so it does until it turns out
    which language is spoken.
    """
    if speed.final_s <= MOST_FINAL_S:
        if speed.draft_s <= MOST_DRAFT_S:
            return Pair(wanted, wanted)
        if language in ("", "en") and (small := tiny()) and small.measure().draft_s <= MOST_DRAFT_S:
            return Pair(wanted, small)
    raise TooSlow(too_slow(language))


def too_slow(language: str) -> str:
    """Return the message for a language, by its code."""
    return "This machine is too slow for live transcription" + (f" in the language “{language}”" if language else "")
