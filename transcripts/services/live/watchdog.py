"""Watches a session while it is recorded: is anyone speaking, and are there minutes left?

Time is counted in frames, for a paused microphone sends none: a pause is not silence and uses no minutes. What the
page is to be told is gathered in `news`. The page itself ends the session when it is told to, as by End session: it
first sends the audio it still has, so that no limit ever costs a word that was said.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from django.conf import settings

from transcripts.services.live import minutes

if TYPE_CHECKING:
    from transcripts.models import LiveSession

# 50 dB below full scale of 16 bits: a quiet room, not a quiet voice.
SILENT_PEAK = 104
# One frame in so many is looked at, one sample in so many of it; speech of minutes is never missed by that.
LOOK_EVERY, LOOK_AT = 10, 4
WARN_MS = 60_000
FEW_MINUTES_MS = 5 * 60_000
# How often the minutes that colleagues use are counted again, and a page that continues is told again.
ASK_EVERY_MS, AGAIN_MS = 30_000, 60_000


class Watchdog:
    """The watchdog of one session. `silence_ms` 0 never ends it for silence, `left_ms` None has no limit of minutes.

    `because` says why the page was told to stop: `silence`, `minutes` or nothing. `must_ask` is True if `left_ms`
    should be counted again.
    """

    def __init__(self, *, frame_ms: int = 100, silence_ms: int = 0, left_ms: int | None = None) -> None:
        self.frame_ms, self.silence_ms, self.left_ms = frame_ms, silence_ms, left_ms
        self.news: list[dict[str, Any]] = []
        self.because = ""
        self.must_ask = False
        self._warn_ms = max(silence_ms - WARN_MS, silence_ms // 2)
        self._frames = self._quiet_ms = self._asked_ms = 0
        self._is_warned = self._knows_few = False

    def observe(self, audio: bytes) -> None:
        """Take a frame that is on disk."""
        self._frames += 1
        if self._frames % LOOK_EVERY:
            return
        passed_ms = LOOK_EVERY * self.frame_ms
        if self.silence_ms:
            self._measure(audio, passed_ms)
        if self.left_ms is not None:
            self._count(self.left_ms - passed_ms, passed_ms)

    def note_presence(self) -> None:
        """Someone is there, though nothing is said."""
        self._quiet_ms, self._is_warned = 0, False
        self._forget("silence")

    def allow(self, left_ms: int | None) -> None:
        """Take what was counted anew."""
        self.left_ms, self.must_ask = left_ms, False

    def _measure(self, audio: bytes, passed_ms: int) -> None:
        if _is_audible(audio):
            if self._is_warned:
                self.news.append({"type": "sound"})
            self.note_presence()
            return
        self._quiet_ms += passed_ms
        if self._quiet_ms >= self.silence_ms:
            self._stop("silence", f"No speech for {minutes.in_words(self.silence_ms // minutes.MINUTE_MS)}.")
            self._quiet_ms = max(0, self.silence_ms - AGAIN_MS)
        elif self._quiet_ms >= self._warn_ms and not self._is_warned:
            self._is_warned = True
            self.news.append({"type": "silence", "left_s": (self.silence_ms - self._quiet_ms) // 1000})

    def _count(self, left_ms: int, passed_ms: int) -> None:
        self.left_ms = left_ms
        self._asked_ms += passed_ms
        self.must_ask = self.must_ask or not self._asked_ms % ASK_EVERY_MS
        if left_ms > 0:
            self._forget("minutes")
        elif self.because != "minutes" or not left_ms % AGAIN_MS:
            self._stop("minutes", "The team has used its live minutes this month.")
        if FEW_MINUTES_MS >= left_ms > 0 and not self._knows_few:
            left = minutes.in_words(max(1, round(left_ms / minutes.MINUTE_MS)))
            self.news.append(
                {"type": "minutes", "sentence": f"The team has {left} of live transcription left this month."}
            )
        self._knows_few = left_ms <= FEW_MINUTES_MS

    def _stop(self, because: str, sentence: str) -> None:
        self.because = because
        self.news.append({"type": "stop", "because": because, "sentence": sentence})

    def _forget(self, because: str) -> None:
        if self.because == because:
            self.because = ""


def _is_audible(audio: bytes) -> bool:
    samples = array("h", audio)[::LOOK_AT]
    return max(samples) >= SILENT_PEAK or min(samples) <= -SILENT_PEAK


def watchdog_for(session: LiveSession) -> Watchdog:
    """Return the watchdog of a session, as its team and the settings want it."""
    return Watchdog(
        frame_ms=session.ms(1),
        silence_ms=settings.LIVE_SILENCE_MINUTES * minutes.MINUTE_MS,
        left_ms=minutes.left_ms(session.recording.team),
    )
