"""Which provisional words of live speech are shown: those that two drafts in a row agree on."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile

from speechserver.recogniser.whisper import HALF_CONTEXT_S, DraftWord

# Drafts that spell something differently each time, as in Korean, agree late: words this old are shown nevertheless
DISPUTED_S = 1.5
# What a draft must leave of the half context, so that the next one fits too
DRAFT_S = HALF_CONTEXT_S - 1.0
PUNCTUATION = ".,!?;:…-–—\"'“”‘’«»()。、，！？：；"


@dataclass(slots=True)
class Agreement:
    """LocalAgreement-2: words that two drafts in a row have in common are shown until they are final.

    Macháček, Dabre, Bojar: Turning Whisper into Real-Time Transcription System (2023).
    """

    agreed: list[DraftWord] = field(default_factory=list)
    _last: list[DraftWord] = field(default_factory=list)
    _until_s: float = 0.0

    @property
    def text(self) -> str:
        """Return the agreed words, and the disputed ones after them that are old enough to be shown."""
        old = takewhile(lambda word: word.end_s <= self._until_s - DISPUTED_S, self._last)
        return "".join(word.text for word in (*self.agreed, *old)).strip()

    def add(self, words: list[DraftWord], until_s: float) -> None:
        """Compare a new draft of the speech until this second with the one before; times are those of the session."""
        words = [*words[:-1], _without_full_stop(words[-1])] if words else []
        after_s = self.agreed[-1].end_s if self.agreed else 0.0
        pending = [word for word in words if (word.start_s + word.end_s) / 2 > after_s]
        pairs = zip(pending, self._last, strict=False)
        common = [new for new, _ in takewhile(lambda pair: _normalised(pair[0]) == _normalised(pair[1]), pairs)]
        self.agreed += common
        self._until_s = until_s
        self._last = pending[len(common) :]

    @property
    def full_text(self) -> str:
        """Return the agreed words, and those of the last draft that are not confirmed yet."""
        return "".join(word.text for word in (*self.agreed, *self._last)).strip()

    def split(self, second: float) -> tuple[Agreement, Agreement]:
        """Return the words that begin before this second, and the others."""
        before = Agreement(
            [word for word in self.agreed if word.start_s < second],
            [word for word in self._last if word.start_s < second],
        )
        after = Agreement(
            [word for word in self.agreed if word.start_s >= second],
            [word for word in self._last if word.start_s >= second],
        )
        return before, after

    def draft_start_s(self, begin_s: float, now_s: float) -> float:
        """Return where the next draft begins: agreed words are left out once the rest no longer fits beside them."""
        old = [word.end_s for word in self.agreed if now_s - word.end_s <= DRAFT_S]
        fits = now_s - begin_s <= DRAFT_S
        return begin_s if fits else min(old, default=now_s - DRAFT_S)


def _without_full_stop(word: DraftWord) -> DraftWord:
    """Return the last word of a draft without the full stop that the model sets where the audio ends."""
    return word._replace(text=word.text.rstrip(".…。"))


def _normalised(word: DraftWord) -> str:
    return word.text.strip().strip(PUNCTUATION).casefold()
