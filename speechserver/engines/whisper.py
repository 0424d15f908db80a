"""faster-whisper, where the extra is installed and a model is at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from faster_whisper import WhisperModel

from speechserver.audio import RATE_HZ, read_samples
from speechserver.engines.base import Description, Step

if TYPE_CHECKING:
    from collections.abc import Iterator


class Whisper:
    """A Whisper model. `model` is a name that faster-whisper knows or a folder with the converted model."""

    def __init__(self, model: str) -> None:
        self._model = WhisperModel(model, device="cpu", compute_type="int8")
        languages = tuple(self._model.supported_languages)
        name = Path(model).name
        self.description = Description(name=f"faster-whisper {name}", is_draft=False, languages=languages)

    def transcribe(self, path: Path, language: str) -> Iterator[Step]:
        """Recognise with word times; the model's own voice detection keeps silence silent."""
        samples = np.concatenate([np.frombuffer(piece, np.int16) for piece, _ in read_samples(path)])
        duration_s = len(samples) / RATE_HZ
        segments, info = self._model.transcribe(
            samples.astype(np.float32) / 32768.0,
            language=language or None,
            word_timestamps=True,
            vad_filter=True,
        )
        for segment in segments:
            yield Step(
                progress=min(1.0, segment.end / duration_s),
                position_s=segment.end,
                segment=_as_segment(segment),
                language=info.language,
            )
        yield Step(progress=1.0, position_s=duration_s, language=info.language)


def _as_segment(segment: Any) -> dict[str, Any]:
    return {
        "speaker": None,
        "start": round(segment.start, 3),
        "end": round(segment.end, 3),
        "text": segment.text.strip(),
        "words": [
            {
                "word": word.word.strip(),
                "start": round(word.start, 3),
                "end": round(word.end, 3),
                "confidence": round(word.probability, 4),
            }
            for word in segment.words or ()
        ],
    }
