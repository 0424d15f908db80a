"""Words that a provider gave provisionally and has not made final: shown in grey, and saved in case no final ones come.

People read these words. If the provider goes away before they are final, they become text that is marked as
unconfirmed, and the stretch is transcribed afterwards; the page never claims that nothing was said there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provisional:
    """A provisional text, and up to where the provider had been sent the audio when it said so."""

    text: str
    until_ms: int


class ProvisionalWords:
    """The provisional texts of a session, in the order in which they began.

    Keys are unique in the session. The texts of a connection that broke stay until a later one was sent as much audio.
    """

    def __init__(self) -> None:
        self._open: dict[str, Provisional] = {}
        self._broken: set[str] = set()

    def replace(self, key: str, text: str, sent_until_ms: int) -> None:
        """Take a text in place of the one before it with this key; an empty one is withdrawn."""
        self._drop_repeated(sent_until_ms)
        if text.strip():
            self._open[key] = Provisional(" ".join(text.split()), sent_until_ms)
        else:
            self._open.pop(key, None)

    def interrupt(self, key: str) -> None:
        """Note that the connection broke that this came from; nothing was withdrawn."""
        if key in self._open:
            self._broken.add(key)

    def settle(self, key: str, sent_until_ms: int) -> None:
        """Note that a final text takes its place."""
        self._drop_repeated(sent_until_ms)
        self._open.pop(key, None)

    def take(self) -> Provisional | None:
        """Return what no final text came for, and forget it."""
        left, self._open, self._broken = list(self._open.values()), {}, set()
        if not left:
            return None
        return Provisional(" ".join(one.text for one in left), max(one.until_ms for one in left))

    def _drop_repeated(self, sent_until_ms: int) -> None:
        for key in {key for key in self._broken if self._open[key].until_ms <= sent_until_ms}:
            self._broken.discard(key)
            del self._open[key]
