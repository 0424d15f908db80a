"""Passes of a Whisper model over windows of audio, by faster-whisper."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim

from speechserver.audio import RATE_HZ
from speechserver.languages import TODAY, UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from speechserver.recogniser.voice import Samples
    from speechserver.recogniser.windows import Window

# Mel frames, of 10 ms, that the encoder sees. The model was trained on 30 s; with 15 s an encoding costs a quarter, and
# audio that leaves a third of it empty is still understood (with less room the decoder loops).
WHOLE, HALF = 3000, 1500
HALF_HOLDS_S = 10.0
BEAM = 5
# A decoding that says the same again and again, or that the model itself finds improbable (OpenAI's thresholds)
LOOP_RATIO, IMPROBABLE = 2.4, -1.0
# Speech that no word covers: the model left something out
SKIPPED_S = 2.0
WORD_MARGIN_S = 0.3
# So many words within an instant each are not said
PILE, INSTANT_S = 4, 0.03
# Scripts that the model spells in bytes need the most tokens
TOKENS_A_SECOND, SPARE_TOKENS, MOST_TOKENS = 20, 40, 220
# Five seconds of quick speech, as measured in several languages
DRAFT_TOKENS = 25
# Punctuated words that the model takes for what was said before: it then punctuates too. They cost German a word in
# forty, so they are shown only to a model that left all punctuation out; in Chinese it always would.
EXAMPLES = {
    "en": "Well, here it is. Shall we begin?",
    "es": "Bueno, aquí está. ¿Empezamos?",
    "de": "Gut, hier ist es. Fangen wir an?",
    "fr": "Bien, le voici. On commence ?",
    "it": "Bene, eccolo. Cominciamo?",
    "pt": "Bem, aqui está. Vamos começar?",
    "nl": "Goed, hier is het. Zullen we beginnen?",
    "ru": "Хорошо, вот. Начнём?",
    "zh": "你好，请说。",
}
ALWAYS = frozenset({"zh"})
ENDS_OF_SENTENCES = frozenset(".?!。？！")
# Fewer may well be no sentence
WORDS_OF_A_SENTENCE = 6
# What a last try may sample with
TEMPERATURES = (0.0, 0.4)


class Doubt(Enum):
    """What is wrong with a text: it repeats itself or leaves speech without words, or the model itself doubts it."""

    INCOMPLETE = auto()
    IMPROBABLE = auto()


@dataclass(frozen=True, slots=True)
class Heard:
    """What one pass made of a window: segments as the API answers them, with times of the recording.

    `doubt` is None if there is nothing to doubt.
    """

    segments: list[dict[str, Any]]
    doubt: Doubt | None


class Drafted(NamedTuple):
    """A word of a draft, with the space before it, and its times in seconds from the start of the samples."""

    text: str
    start_s: float
    end_s: float


class Whisper:
    """A loaded model, which makes so many `passes` at once, each with so many `threads`.

    Two passes with a thread each get through a recording twice as fast as one pass with two.
    """

    def __init__(self, path: str, *, passes: int = 1, threads: int = 1, download_to: str | None = None) -> None:
        self._model = _Model(
            path,
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            num_workers=passes,
            download_root=download_to,
        )
        self.passes = passes
        self.languages: tuple[str, ...] = tuple(self._model.supported_languages)

    @property
    def is_multilingual(self) -> bool:
        """Return whether it knows more than English."""
        return len(self.languages) > 1

    def detect(self, samples: Samples) -> dict[str, float]:
        """Return the probability of each language in at most HALF_HOLDS_S of audio."""
        if not self.is_multilingual:
            return {"en": 1.0}
        self._model.own.context = HALF
        return self._model.detect(samples[: round(HALF_HOLDS_S * RATE_HZ)])

    def hear(self, window: Window, language: str, vocabulary: str = "", *, is_last_try: bool = False) -> Heard:
        """Transcribe a window in this language. The last try samples where the most probable text is no good."""
        example = EXAMPLES.get(language)
        always = example if language in ALWAYS else None
        first = self._pass(window, language, vocabulary, always, is_last_try=is_last_try)
        if first.doubt or example is None or not _lacks_punctuation(first.segments):
            return first
        second = self._pass(window, language, vocabulary, example, is_last_try=is_last_try)
        return first if second.doubt else second

    def _pass(self, window: Window, language: str, vocabulary: str, example: str | None, *, is_last_try: bool) -> Heard:
        self._model.own.context = WHOLE
        found, _ = self._model.transcribe(
            window.samples,
            language=language,
            beam_size=BEAM,
            temperature=TEMPERATURES if is_last_try else 0.0,
            compression_ratio_threshold=LOOP_RATIO,
            log_prob_threshold=IMPROBABLE,
            condition_on_previous_text=False,
            initial_prompt=example,
            word_timestamps=True,
            max_new_tokens=_most_tokens(window.samples),
            hotwords=vocabulary or None,
        )
        found = list(found)
        loops = any(one.compression_ratio > LOOP_RATIO for one in found)
        spoken = [(one, _said(one.words or [])) for one in found]
        segments = [_segment(one, said, window, language) for one, said in spoken if said]
        if loops or skipped_s(window, segments) > SKIPPED_S:
            return Heard(segments, Doubt.INCOMPLETE)
        is_improbable = any(one.avg_logprob < IMPROBABLE for one in found)
        return Heard(segments, Doubt.IMPROBABLE if is_improbable else None)

    def draft(self, samples: Samples, language: str, vocabulary: str = "") -> list[Drafted]:
        """Return the words of at most HALF_HOLDS_S of audio after one quick pass."""
        self._model.own.context = HALF
        found, _ = self._model.transcribe(
            samples,
            language=language,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            max_new_tokens=_most_tokens(samples),
            hotwords=vocabulary or None,
        )
        return [Drafted(word.word, word.start, word.end) for one in found for word in one.words or ()]

    def measure_s(self) -> float:
        """Return how many seconds a draft takes on this machine now, with as many words as quick speech has."""
        noise = np.random.default_rng(0).normal(0, 0.05, round(HALF_HOLDS_S * RATE_HZ)).astype(np.float32)
        self._model.own.context = HALF
        began = time.monotonic()
        self._model.speak(noise, DRAFT_TOKENS)
        return time.monotonic() - began


class _Own(threading.local):
    """What each thread that makes passes has for itself: its context, and the last features with their encoding."""

    context = WHOLE
    seen: tuple[Any, Any] | None = None


class _Model(WhisperModel):  # type: ignore[misc]
    """A model whose encoder sees as many frames as a thread wants, and that encodes the same features but once."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.own = _Own()

    def encode(self, features: Any) -> Any:
        features = features[:, : self.own.context]
        if self.own.seen is None or not np.array_equal(self.own.seen[0], features):
            self.own.seen = (features.copy(), super().encode(features))
        return self.own.seen[1]

    def detect(self, samples: Samples) -> dict[str, float]:
        """Return the probabilities of all languages."""
        (found,) = self.model.detect_language(self._encoded(samples))
        return {token.strip("<|>"): probability for token, probability in found}

    def speak(self, samples: Samples, tokens: int) -> None:
        """Encode, and decode so many tokens, whatever is in the samples."""
        tokenizer = self.hf_tokenizer
        start, end = tokenizer.token_to_id("<|startoftranscript|>"), tokenizer.token_to_id("<|endoftext|>")
        self.model.generate(
            self._encoded(samples), [[start]], beam_size=1, max_length=tokens, suppress_tokens=[-1, end]
        )

    def _encoded(self, samples: Samples) -> Any:
        return self.encode(pad_or_trim(self.feature_extractor(samples)))


def _lacks_punctuation(segments: list[dict[str, Any]]) -> bool:
    """Return whether there are sentences, but none that ends."""
    words = sum(len(segment["words"]) for segment in segments)
    ends = any(ENDS_OF_SENTENCES & set(segment["text"]) for segment in segments)
    return words >= WORDS_OF_A_SENTENCE and not ends


def _most_tokens(samples: Samples) -> int:
    """Return how many tokens can be said in so much audio; a loop goes on to the end of the model's memory."""
    return min(MOST_TOKENS, round(TOKENS_A_SECOND * len(samples) / RATE_HZ) + SPARE_TOKENS)


def skipped_s(window: Window, segments: Iterable[dict[str, Any]]) -> float:
    """Return the longest stretch of speech, in seconds, that has no words."""
    return max((end - start for start, end in _uncovered(window, segments)), default=0.0)


def _uncovered(window: Window, segments: Iterable[dict[str, Any]]) -> Iterator[tuple[float, float]]:
    words = [(word["start"], word["end"]) for segment in segments for word in segment["words"]]
    for start, end in window.speech:
        for word_start, word_end in words:
            if word_end + WORD_MARGIN_S <= start or word_start - WORD_MARGIN_S >= end:
                continue
            yield start, max(start, word_start - WORD_MARGIN_S)
            start = word_end + WORD_MARGIN_S
        yield start, max(start, end)


def _said(words: list[Any]) -> list[Any]:
    """Return the words before those that take no time one after the other: a loop goes on where no one speaks."""
    for at in range(len(words) - PILE + 1):
        if all(word.end - word.start < INSTANT_S for word in words[at : at + PILE]):
            return words[:at]
    return words


def _segment(found: Any, said: list[Any], window: Window, language: str) -> dict[str, Any]:
    words = [_word(word, window.start_s) for word in _whole_words(said, language)]
    text = found.text if len(said) == len(found.words) else "".join(word.word for word in said)
    return {
        "speaker": None,
        "language": TODAY.get(language, language),
        "start": words[0]["start"],
        "end": words[-1]["end"],
        "text": text.strip(),
        "words": words,
    }


def _whole_words(words: Iterable[Any], language: str) -> list[Any]:
    """Put together what the model takes apart though no space is between: “all” and “-female”."""
    whole: list[Any] = []
    for word in words:
        if whole and language not in UNSPACED and not word.word.startswith(" "):
            last = whole.pop()
            odds = min(last.probability, word.probability)
            word = replace(word, word=last.word + word.word, start=last.start, probability=odds)
        whole.append(word)
    return whole


def _word(word: Any, from_s: float) -> dict[str, Any]:
    return {
        "word": word.word.strip(),
        "start": round(float(word.start) + from_s, 3),
        "end": round(float(word.end) + from_s, 3),
        "confidence": round(float(word.probability), 4),
    }
