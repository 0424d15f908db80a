"""Run a Whisper model over windows of audio, with faster-whisper."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from speechserver.audio import RATE_HZ
from speechserver.languages import TODAY, UNSPACED
from speechserver.recogniser.model import FULL_CONTEXT, HALF_CONTEXT, Model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from speechserver.recogniser.model import Path, Token
    from speechserver.recogniser.voice_activity import Samples
    from speechserver.recogniser.windows import Window

# With 15 s an encoding costs a quarter of one with 30 s
HALF_CONTEXT_S = 10.0
BEAM = 5
# Above this compression ratio a decoding repeats itself; below this log probability the model itself doubts it
# (OpenAI's thresholds)
LOOP_RATIO, IMPROBABLE = 2.4, -1.0
# With this much speech that no word covers, the model left something out
SKIPPED_S = 2.0
WORD_MARGIN_S = 0.3
# This many words in a row, each within an instant, were not spoken
PILE_WORDS, INSTANT_S = 4, 0.03
# Scripts that the model spells in bytes need the most tokens
TOKENS_A_SECOND, SPARE_TOKENS, MAX_TOKENS = 20, 40, 220
# Five seconds of fast speech, as measured in several languages
DRAFT_TOKENS = 25
# Initial prompts: punctuated words that the model takes for the preceding text, so that it punctuates too. They cost
# German a word in forty, so they are used only if the model left out all punctuation; in Chinese it always would.
PROMPTS = {
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
ALWAYS_PROMPTED = frozenset({"zh"})
ENDS_OF_SENTENCES = frozenset(".?!。？！")
# With fewer words there may be no sentence
MIN_SENTENCE_WORDS = 6
# The last attempt may sample
TEMPERATURES = (0.0, 0.4)


class Doubt(Enum):
    """Why a result is doubtful: it repeats itself or leaves speech without words, or its probability is low."""

    INCOMPLETE = auto()
    IMPROBABLE = auto()


@dataclass(frozen=True, slots=True)
class PassResult:
    """The result of one pass over a window: segments as the API returns them, with times of the recording.

    `doubt` is None if there is nothing to doubt.
    """

    segments: list[dict[str, Any]]
    doubt: Doubt | None


class DraftWord(NamedTuple):
    """A word of a draft, with the space before it, and its times in seconds from the start of the samples."""

    text: str
    start_s: float
    end_s: float


class Whisper:
    """A loaded model, which runs this many `passes` in parallel, each with this many `threads`.

    Two passes with a thread each get through a recording twice as fast as one pass with two.
    """

    def __init__(self, path: str, *, passes: int = 1, threads: int = 1, download_to: str | None = None) -> None:
        self._model = Model(
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
        """Return the probability of each language in at most HALF_CONTEXT_S of audio."""
        if not self.is_multilingual:
            return {"en": 1.0}
        self._model.local.context = HALF_CONTEXT
        return self._model.detect(samples[: round(HALF_CONTEXT_S * RATE_HZ)])

    def transcribe(self, window: Window, language: str, *, is_last_attempt: bool = False) -> PassResult:
        """Transcribe a window in this language. The last attempt samples if the most probable text is doubtful."""
        prompt = PROMPTS.get(language)
        always = prompt if language in ALWAYS_PROMPTED else None
        first = self._pass(window, language, always, is_last_attempt=is_last_attempt)
        if first.doubt or prompt is None or not _lacks_punctuation(first.segments):
            return first
        second = self._pass(window, language, prompt, is_last_attempt=is_last_attempt)
        return first if second.doubt else second

    def biased(self, window: Window, language: str, terms: Sequence[str], text: str) -> str:
        """Return what a quick pass over a window writes that takes these terms for likely; `text` is what it says.

        It also writes terms that no one said, so only `vocabulary.corrected` is to read it. A second pass over the same
        window needs no second encoding.
        """
        self._model.local.context = FULL_CONTEXT
        found, _ = self._model.transcribe(
            window.samples,
            language=language,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            max_new_tokens=min(MAX_TOKENS, len(self._model.tokens(text)) + SPARE_TOKENS),
            hotwords=", ".join(terms),
        )
        return "".join(one.text for one in found)

    def preference(
        self, window: Window, language: str, terms: Sequence[str], texts: tuple[str, str], rival: str
    ) -> float:
        """Return the logarithm of how much likelier the second text of a window is than the first.

        The model sees the terms and the `rival`, the words in whose place one of them is: so it favours neither.
        """
        self._model.local.context = FULL_CONTEXT
        prompt = ", ".join((rival, *terms))
        first, second = (self._model.log_probability(window.samples, language, text, prompt) for text in texts)
        return second - first

    def _pass(self, window: Window, language: str, prompt: str | None, *, is_last_attempt: bool) -> PassResult:
        self._model.local.context = FULL_CONTEXT
        found, _ = self._model.transcribe(
            window.samples,
            language=language,
            beam_size=BEAM,
            temperature=TEMPERATURES if is_last_attempt else 0.0,
            compression_ratio_threshold=LOOP_RATIO,
            log_prob_threshold=IMPROBABLE,
            condition_on_previous_text=False,
            initial_prompt=prompt,
            word_timestamps=True,
            max_new_tokens=_max_tokens(window.samples),
        )
        found = list(found)
        loops = any(one.compression_ratio > LOOP_RATIO for one in found)
        kept = [(one, _spoken(one.words or [])) for one in found]
        segments = [_segment(one, words, window, language) for one, words in kept if words]
        if loops or skipped_s(window, segments) > SKIPPED_S:
            return PassResult(segments, Doubt.INCOMPLETE)
        is_improbable = any(one.avg_logprob < IMPROBABLE for one in found)
        return PassResult(segments, Doubt.IMPROBABLE if is_improbable else None)

    def draft(self, samples: Samples, language: str) -> list[DraftWord]:
        """Return the words of at most HALF_CONTEXT_S of audio after one quick pass."""
        self._model.local.context = HALF_CONTEXT
        found, _ = self._model.transcribe(
            samples,
            language=language,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            max_new_tokens=_max_tokens(samples),
        )
        return [DraftWord(word.word, word.start, word.end) for one in found for word in one.words or ()]

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of a text, and what each of them spells."""
        return self._model.tokens(text)

    def aligned(self, samples: Samples, language: str, tokens: list[int]) -> Path:
        """Return where in at most 30 s of audio a text is that is spoken there."""
        self._model.local.context = FULL_CONTEXT
        return self._model.aligned(samples, language, tokens)

    def measure_s(self) -> float:
        """Return how many seconds a draft takes on this machine now, with as many words as fast speech has."""
        noise = np.random.default_rng(0).normal(0, 0.05, round(HALF_CONTEXT_S * RATE_HZ)).astype(np.float32)
        self._model.local.context = HALF_CONTEXT
        began = time.monotonic()
        self._model.decode(noise, DRAFT_TOKENS)
        return time.monotonic() - began


def _lacks_punctuation(segments: list[dict[str, Any]]) -> bool:
    """Return whether there are enough words for a sentence, but no end of one."""
    words = sum(len(segment["words"]) for segment in segments)
    ends = any(ENDS_OF_SENTENCES & set(segment["text"]) for segment in segments)
    return words >= MIN_SENTENCE_WORDS and not ends


def _max_tokens(samples: Samples) -> int:
    """Return how many tokens this much audio can hold; a loop would continue to the end of the model's memory."""
    return min(MAX_TOKENS, round(TOKENS_A_SECOND * len(samples) / RATE_HZ) + SPARE_TOKENS)


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


def _spoken(words: list[Any]) -> list[Any]:
    """Return the words before a pile of instant ones: a loop continues after the speech has ended."""
    for at in range(len(words) - PILE_WORDS + 1):
        if all(word.end - word.start < INSTANT_S for word in words[at : at + PILE_WORDS]):
            return words[:at]
    return words


def _segment(found: Any, words: list[Any], window: Window, language: str) -> dict[str, Any]:
    text = found.text if len(words) == len(found.words) else "".join(word.word for word in words)
    spoken = [_word(word, window.start_s) for word in _whole_words(words, language)]
    return {
        "speaker": None,
        "language": TODAY.get(language, language),
        "start": spoken[0]["start"],
        "end": spoken[-1]["end"],
        "text": text.strip(),
        "words": spoken,
    }


def _whole_words(words: Iterable[Any], language: str) -> list[Any]:
    """Join words that the model splits although no space is between them: “all” and “-female”."""
    whole: list[Any] = []
    for word in words:
        if whole and language not in UNSPACED and not word.word.startswith(" "):
            last = whole.pop()
            probability = min(last.probability, word.probability)
            word = replace(word, word=last.word + word.word, start=last.start, probability=probability)
        whole.append(word)
    return whole


def _word(word: Any, from_s: float) -> dict[str, Any]:
    return {
        "word": word.word.strip(),
        "start": round(float(word.start) + from_s, 3),
        "end": round(float(word.end) + from_s, 3),
        "confidence": round(float(word.probability), 4),
    }
