"""pocketsphinx on live sound: what seems to be said at once, what was said once the utterance is over.

Utterances are cut and recognised just as those of a file, so that the final words are the same. Meanwhile a second
decoder follows the utterance that is being spoken and guesses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pocketsphinx import Decoder

from speechserver.audio import BYTES_A_SAMPLE, RATE_HZ
from speechserver.engines.sphinx import Sphinx, segments_of
from speechserver.engines.utterances import Utterance, Utterances

if TYPE_CHECKING:
    from collections.abc import Iterator

# A guess may be rough: one pass instead of three, and every other frame in full.
ROUGH = {"bestpath": False, "fwdflat": False, "maxhmmpf": 2_000, "ds": 2}
# Sound of this length tells whether it is a voice; nothing is guessed before.
PROOF_BYTES = RATE_HZ * BYTES_A_SAMPLE


class LiveSphinx:
    """One live session. Positions and times are those of the session."""

    def __init__(self) -> None:
        self._sphinx = Sphinx()
        self._draft = _Draft()
        self._utterances = Utterances()
        self._base = self._heard = 0  # bytes: where the present utterances begin to count, and all that was heard
        self._half = b""

    @property
    def duration_s(self) -> float:
        """How much was heard, in seconds."""
        return self._heard / BYTES_A_SAMPLE / RATE_HZ

    def hear(self, samples: bytes) -> Iterator[dict[str, Any]]:
        """Take the next samples; gives segments that are final."""
        sound = self._half + samples
        whole = len(sound) - len(sound) % BYTES_A_SAMPLE
        self._half = sound[whole:]
        self._heard += whole
        for utterance in self._utterances.feed(sound[:whole]):
            yield from self._segments(utterance)
        self._draft.follow(*self._utterances.pending())

    def flush(self) -> Iterator[dict[str, Any]]:
        """Give what is left as final; what is heard afterwards begins anew."""
        for utterance in self._utterances.finish():
            yield from self._segments(utterance)
        self._utterances, self._base = Utterances(), self._heard
        self._draft.forget()

    def guess(self) -> str:
        """What seems to be said in the utterance that is not over yet."""
        return self._draft.text

    def _segments(self, utterance: Utterance) -> Iterator[dict[str, Any]]:
        base_s = self._base / BYTES_A_SAMPLE / RATE_HZ
        words = self._sphinx.recognise(utterance)
        self._draft.learn(self._sphinx.voice)
        return segments_of(words, base_s)


class _Draft:
    """Follows the utterance being spoken."""

    def __init__(self) -> None:
        self._decoder = Decoder(samprate=RATE_HZ, loglevel="FATAL", **ROUGH)
        self._start: int | None = None
        self._fed = 0
        self._is_voice = False
        self.text = ""

    def follow(self, start: int | None, sound: bytearray, offset: int) -> None:
        """Hear on in the utterance that starts at byte `start` of the recording and at `offset` in `sound`."""
        if start != self._start:
            self.forget()
            if start is not None:
                self._decoder.start_utt()
                self._start = start
        if start is None:
            return
        self._decoder.process_raw(bytes(sound[offset + self._fed :]))
        self._fed = len(sound) - offset
        self._guess(sound, offset)

    def learn(self, voice: str) -> None:
        """Know from the utterance before how loud and coloured the voice is, which a live decoder learns slowly."""
        self.forget()
        self._decoder.set_cmn(voice)

    def forget(self) -> None:
        """The utterance is over."""
        if self._start is not None:
            self._decoder.end_utt()
        self._start, self._fed, self._is_voice, self.text = None, 0, False, ""

    def _guess(self, sound: bytearray, offset: int) -> None:
        if not self._is_voice and self._fed >= PROOF_BYTES:
            latest = bytes(sound[max(offset, len(sound) - PROOF_BYTES) :])
            self._is_voice = not Utterance(0.0, latest).is_steady_noise()
        if self._is_voice:
            hypothesis = self._decoder.hyp()
            self.text = hypothesis.hypstr if hypothesis else ""
