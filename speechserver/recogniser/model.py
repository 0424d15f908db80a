"""The model itself: faster-whisper's, with what this server adds to it."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer

from speechserver.audio import RATE_HZ

if TYPE_CHECKING:
    from speechserver.recogniser.voice_activity import Samples

# Mel frames, of 10 ms, that the encoder sees. The model was trained on 30 s; with 15 s an encoding costs a quarter, and
# audio that leaves a third of it empty is still recognised (with less room the decoder loops).
FULL_CONTEXT, HALF_CONTEXT = 3000, 1500
# Frames that are aligned as one
FRAMES_A_STEP = 2
STEPS_A_SECOND = 50
# Half of what the decoder can see is for a prompt, the rest for what follows it
MOST_PROMPT, MOST_SCORED = 223, 210
LEAST_PROBABILITY = 1e-9


class Token(NamedTuple):
    """A token, and what it spells: a mark of replacement for a part of a character."""

    number: int
    text: str


class Path(NamedTuple):
    """Where a text is in audio: the second that each token begins at, one more for its end, and its probability."""

    starts_s: list[float]
    probabilities: list[float]


class _ThreadState(threading.local):
    """The state of each thread that runs passes: its context, and the last features with their encoding."""

    context = FULL_CONTEXT
    encoded: tuple[Any, Any] | None = None


class Model(WhisperModel):  # type: ignore[misc]
    """A model with an encoder context for each thread, which caches the last encoding."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.local = _ThreadState()

    def encode(self, features: Any) -> Any:
        features = features[:, : self.local.context]
        if self.local.encoded is None or not np.array_equal(self.local.encoded[0], features):
            self.local.encoded = (features.copy(), super().encode(features))
        return self.local.encoded[1]

    def detect(self, samples: Samples) -> dict[str, float]:
        """Return the probabilities of all languages."""
        (found,) = self.model.detect_language(self._encoded(samples))
        return {token.strip("<|>"): probability for token, probability in found}

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of a text, and what each of them spells."""
        numbers = self.hf_tokenizer.encode(text, add_special_tokens=False).ids
        return [Token(number, self.hf_tokenizer.decode([number])) for number in numbers]

    def aligned(self, samples: Samples, language: str, tokens: list[int]) -> Path:
        """Return where a text is, by which audio the decoder attends to while it is made to write these tokens."""
        tokenizer = Tokenizer(self.hf_tokenizer, self.model.is_multilingual, task="transcribe", language=language)
        steps = -(-len(samples) * STEPS_A_SECOND // RATE_HZ)
        (found,) = self.model.align(self._encoded(samples), tokenizer.sot_sequence, [tokens], steps * FRAMES_A_STEP)
        starts: dict[int, float] = {}
        for token, step in found.alignments:
            starts.setdefault(token, step / STEPS_A_SECOND)
        return Path([starts[number] for number in range(len(tokens) + 1)], list(found.text_token_probs))

    def log_probability(self, samples: Samples, language: str, text: str, prompt: str) -> float:
        """Return how probable this text is for at most 30 s of audio after a prompt, as the logarithm."""
        tokenizer = Tokenizer(self.hf_tokenizer, self.model.is_multilingual, task="transcribe", language=language)
        start = self._start(tokenizer, prompt)
        tokens = [token.number for token in self.tokens(f" {text}")][:MOST_SCORED]
        frames = -(-len(samples) * STEPS_A_SECOND // RATE_HZ) * FRAMES_A_STEP
        (found,) = self.model.align(self._encoded(samples), start, [tokens], frames)
        return sum(math.log(max(one, LEAST_PROBABILITY)) for one in found.text_token_probs)

    def _start(self, tokenizer: Tokenizer, prompt: str) -> list[int]:
        """Return what a text begins with that follows a prompt, of which the model reads the beginning."""
        read = [token.number for token in self.tokens(f" {prompt}")][:MOST_PROMPT]
        return [tokenizer.sot_prev, *read, *tokenizer.sot_sequence]

    def decode(self, samples: Samples, tokens: int) -> None:
        """Encode the samples and decode this many tokens, whatever they contain."""
        tokenizer = self.hf_tokenizer
        start, end = tokenizer.token_to_id("<|startoftranscript|>"), tokenizer.token_to_id("<|endoftext|>")
        self.model.generate(
            self._encoded(samples), [[start]], beam_size=1, max_length=tokens, suppress_tokens=[-1, end]
        )

    def _encoded(self, samples: Samples) -> Any:
        return self.encode(pad_or_trim(self.feature_extractor(samples)))
