"""Where one connection takes over from another: its times become the session's, and what was final stays final once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.providers.live import Final, Partial, Speech

if TYPE_CHECKING:
    from transcripts.document import Segment, Word

    Told = Partial | Final | Speech

# How far behind the audio a final without times is taken to be.
UNTIMED_LAG_MS = 1_000


class Seam:
    """The events of one connection, which began at `start_ms` of the session, as events of the session.

    What was said before `final_ms` is final already. `open_keys` are those of partials that nothing has ended.
    """

    def __init__(self, *, number: int, start_ms: int, final_ms: int) -> None:
        self.open_keys: set[str] = set()
        self._number, self._start_ms, self._final_ms = number, start_ms, final_ms
        self._reached_ms = final_ms
        self._was_dropped = False

    def carry(self, event: Told, *, sent_ms: int) -> tuple[Told, ...]:
        """Translate; `sent_ms` is how much of the session's audio was sent."""
        if isinstance(event, Speech):
            at_ms = None if event.at_ms is None else event.at_ms + self._start_ms
            return (replace(event, at_ms=at_ms),)
        key = f"{self._number}.{event.key}"
        if isinstance(event, Partial):
            return self._partial(key, event.text)
        return self._final(replace(event, key=key), sent_ms)

    def _partial(self, key: str, text: str) -> tuple[Told, ...]:
        if not text and key not in self.open_keys:
            return ()
        (self.open_keys.add if text else self.open_keys.discard)(key)
        return (Partial(key, text),)

    def _final(self, final: Final, sent_ms: int) -> tuple[Told, ...]:
        if final.is_tail and self._was_dropped:
            return self._partial(final.key, "")
        segment = after(self._timed(final.segment, sent_ms), self._final_ms)
        self._was_dropped = segment is None
        if segment is None:
            return self._partial(final.key, "")
        self.open_keys.discard(final.key)
        self._reached_ms = max(self._reached_ms, segment.end_ms or 0)
        return (replace(final, segment=segment),)

    def _timed(self, segment: Segment, sent_ms: int) -> Segment:
        """In the session's time; what came without times is between the last final and what was just sent."""
        if segment.start_ms is None or segment.end_ms is None:
            end_ms = max(self._reached_ms, sent_ms - UNTIMED_LAG_MS)
            return replace(segment, start_ms=self._reached_ms, end_ms=end_ms)
        return shifted(segment, self._start_ms)


def shifted(segment: Segment, by_ms: int) -> Segment:
    """The segment, so much later."""
    words = tuple(_shifted_word(word, by_ms) for word in segment.words)
    return replace(segment, start_ms=_later(segment.start_ms, by_ms), end_ms=_later(segment.end_ms, by_ms), words=words)


def _shifted_word(word: Word, by_ms: int) -> Word:
    return replace(word, start_ms=_later(word.start_ms, by_ms), end_ms=_later(word.end_ms, by_ms))


def _later(time_ms: int | None, by_ms: int) -> int | None:
    return None if time_ms is None else time_ms + by_ms


def after(segment: Segment, moment_ms: int) -> Segment | None:
    """What of a segment was said after a moment: the words whose middle is after it; None if there are none."""
    if _middle(segment) >= moment_ms and all(_is_after(word, moment_ms) for word in segment.words):
        return segment
    kept = [word for word in segment.words if _is_after(word, moment_ms)]
    if not kept:
        return None
    # Scripts without spaces keep theirs out.
    text = (" " if " " in segment.text else "").join(word.text for word in kept)
    start_ms = kept[0].start_ms if kept[0].start_ms is not None else segment.start_ms
    return replace(segment, text=text, start_ms=start_ms, words=tuple(kept))


def _is_after(word: Word, moment_ms: int) -> bool:
    if word.start_ms is None or word.end_ms is None:
        return True
    return (word.start_ms + word.end_ms) // 2 >= moment_ms


def _middle(segment: Segment) -> int:
    return ((segment.start_ms or 0) + (segment.end_ms or 0)) // 2
