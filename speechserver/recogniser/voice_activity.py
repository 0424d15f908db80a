"""Voice activity detection: the probability, every 32 ms, that someone is speaking.

Silero VAD v6, in the form that faster-whisper ships.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

# Of one channel at 16 kHz, -1 to 1
Samples: TypeAlias = NDArray[np.float32]

FRAME = 512  # samples; the model knows this size alone at 16 kHz
CONTEXT = 64  # samples of the frame before that the model sees again
STATE = (1, 1, 128)


class VoiceDetector:
    """Detects speech in one stream of samples, in pieces of any size."""

    def __init__(self) -> None:
        self._session = get_vad_model().session
        self._hidden = np.zeros(STATE, np.float32)
        self._cell = np.zeros(STATE, np.float32)
        self._context = np.zeros(CONTEXT, np.float32)
        self._rest = np.zeros(0, np.float32)

    def feed(self, samples: Samples) -> Samples:
        """Return the probability of a voice in each frame that these samples complete."""
        samples = np.concatenate([self._rest, samples])
        whole = len(samples) // FRAME * FRAME
        self._rest = samples[whole:]
        if not whole:
            return self._rest[:0]
        frames = samples[:whole].reshape(-1, FRAME)
        before = np.vstack([self._context, frames[:-1, -CONTEXT:]])
        self._context = frames[-1, -CONTEXT:].copy()
        inputs = {"input": np.hstack([before, frames]), "h": self._hidden, "c": self._cell}
        probabilities, self._hidden, self._cell = self._session.run(None, inputs)
        return np.asarray(probabilities, np.float32).reshape(-1)
