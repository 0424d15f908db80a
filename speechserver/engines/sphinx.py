"""pocketsphinx with the English model that its package carries: a draft, without punctuation or speakers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pocketsphinx import Decoder

from speechserver.audio import BYTES_A_SAMPLE, RATE_HZ, read_samples
from speechserver.engines.base import Description, Step
from speechserver.engines.utterances import Utterance, Utterances

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DESCRIPTION = Description(name="pocketsphinx en-us", is_draft=True, languages=("en",))
FRAMES_A_SECOND = 100
# Silence and noises are written <sil>, [NOISE] or ++UH++; a second way to say a word is written word(2).
FILLER = re.compile(r"[<\[+]")
VARIANT = re.compile(r"\(\d+\)$")
# What nobody can say is a noise that the model stretched a word over: measured speech stays below 0.32 s a sound
# (0.55 s for words of one) and above a word a second, wind, bells and engines do not.
LONGEST_SOUND_S = 0.36
LONGEST_SHORT_WORD_S = 0.7
SPARSE_SPAN_S = 2.0
FEWEST_WORDS_A_SECOND = 0.4
# A segment ends at such a pause, or where it becomes too long to read at a glance.
PHRASE_PAUSE_S = 0.6
LONGEST_PHRASE_S = 15.0


class Sphinx:
    """A loaded decoder; one utterance at a time."""

    description = DESCRIPTION

    def __init__(self) -> None:
        self._decoder = Decoder(samprate=RATE_HZ, loglevel="FATAL")

    def transcribe(self, path: Path, language: str) -> Iterator[Step]:
        """Recognise utterance by utterance, in bounded memory."""
        utterances, heard, share = Utterances(), 0, 0.0
        for samples, share in read_samples(path):
            heard += len(samples)
            position_s = heard / BYTES_A_SAMPLE / RATE_HZ
            for utterance in utterances.feed(samples):
                yield from self._steps(utterance, share, position_s)
            yield Step(share, position_s, language="en")
        for utterance in utterances.finish():
            yield from self._steps(utterance, share, position_s)

    def _steps(self, utterance: Utterance, share: float, position_s: float) -> Iterator[Step]:
        for segment in segments_of(self.recognise(utterance)):
            yield Step(share, position_s, segment, "en")

    def recognise(self, utterance: Utterance) -> list[dict[str, Any]]:
        """The words of an utterance; none where it holds a noise."""
        if utterance.is_steady_noise():
            return []
        self._decoder.start_utt()
        # All of it at once: loudness and colour are then normalised over the whole, which hears better.
        self._decoder.process_raw(utterance.samples, full_utt=True)
        self._decoder.end_utt()
        said = [item for item in self._decoder.seg() or () if self._can_be_said(item)]
        words = [_word(item, utterance.start_s) for item in said]
        return [] if _is_sparse(words, utterance) else words

    @property
    def voice(self) -> str:
        """Loudness and colour of the last utterance, as another decoder may be told."""
        return str(self._decoder.get_cmn(update=False))

    def _can_be_said(self, item: Any) -> bool:
        if FILLER.match(item.word):
            return False
        sounds = len((self._decoder.lookup_word(item.word) or "").split())
        seconds = (item.end_frame + 1 - item.start_frame) / FRAMES_A_SECOND
        return bool(seconds <= max(LONGEST_SHORT_WORD_S, LONGEST_SOUND_S * sounds))


def _is_sparse(words: list[dict[str, Any]], utterance: Utterance) -> bool:
    """Whether there is sound all along but hardly a word: they are chance finds in a noise."""
    active_s = utterance.active_s(words[0]["start"], words[-1]["end"]) if words else 0.0
    return active_s >= SPARSE_SPAN_S and len(words) < active_s * FEWEST_WORDS_A_SECOND


def segments_of(words: list[dict[str, Any]], base_s: float = 0.0) -> Iterator[dict[str, Any]]:
    """The segments that words make, so many seconds later."""
    for phrase in _phrases(words):
        yield _segment([_later(word, base_s) for word in phrase])


def _later(word: dict[str, Any], by_s: float) -> dict[str, Any]:
    return {**word, "start": round(word["start"] + by_s, 3), "end": round(word["end"] + by_s, 3)}


def _phrases(words: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Split words at pauses, and where a phrase becomes too long to read."""
    phrases: list[list[dict[str, Any]]] = []
    for word in words:
        if not phrases or _begins_phrase(phrases[-1], word):
            phrases.append([])
        phrases[-1].append(word)
    return phrases


def _begins_phrase(phrase: list[dict[str, Any]], word: dict[str, Any]) -> bool:
    pause_s, length_s = word["start"] - phrase[-1]["end"], word["end"] - phrase[0]["start"]
    return bool(pause_s >= PHRASE_PAUSE_S or length_s > LONGEST_PHRASE_S)


def _segment(words: list[dict[str, Any]]) -> dict[str, Any]:
    text = " ".join(word["word"] for word in words)
    return {"speaker": None, "start": words[0]["start"], "end": words[-1]["end"], "text": text, "words": words}


def _word(item: Any, start_s: float) -> dict[str, Any]:
    return {
        "word": VARIANT.sub("", item.word),
        "start": round(start_s + item.start_frame / FRAMES_A_SECOND, 3),
        "end": round(start_s + (item.end_frame + 1) / FRAMES_A_SECOND, 3),
        # Already a linear probability: no logarithm to undo.
        "confidence": round(min(1.0, max(0.0, item.prob)), 4),
    }
