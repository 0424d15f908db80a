"""Synthetic conversations: speakers of different recordings by turns, plain, over the telephone and in noise."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from speechserver.audio import RATE_HZ
from tests.support.corpus import corpus
from tests.support.speech_server.speakers import samples_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

# One speaker each, with at least eight seconds of speech in all
SPEAKERS = (
    "en_video_sonnet1.mp4",
    "en_interview_spacewalk.wav",
    "en-gb_talk_travel.wav",
    "en_speech_jfk.flac",
    "de_read_simplicissimus.mp3",
    "fr_read_udhr1.wav",
    "es_read_arenas.wav",
    "zh_talk_cognitive.wav",
    "ar_weather.wav",
    "hi_read.wav",
)
TURN_S = 4
LEVEL = 0.05
TELEPHONE_HZ = (300, 3400)
NOISE_SHARE = 10 ** (-12 / 20)


def conversations(count: int) -> Iterator[tuple[str, int, NDArray[np.float32]]]:
    """Yield, for one to three speakers and each condition, `count` recordings: condition, speakers, samples."""
    rng = random.Random(7)  # noqa: S311
    for speakers in (1, 2, 3):
        for _ in range(count):
            plain = _conversation(rng.sample(SPEAKERS, speakers))
            for name, change in CONDITIONS.items():
                yield name, speakers, change(plain)


def _conversation(names: list[str]) -> NDArray[np.float32]:
    """Let each speak twice, in turns of four seconds, all equally loud."""
    length = TURN_S * RATE_HZ
    voices = [samples_of(corpus() / "speech" / name)[: 2 * length] for name in names]
    voices = [voice * np.float32(LEVEL / np.sqrt(np.mean(np.square(voice)))) for voice in voices]
    return np.concatenate([voice[start : start + length] for start in (0, length) for voice in voices])


def _by_telephone(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    spectrum = np.fft.rfft(samples)
    frequencies = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    spectrum[(frequencies < TELEPHONE_HZ[0]) | (frequencies > TELEPHONE_HZ[1])] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def _in_noise(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    noise = np.random.default_rng(7).standard_normal(len(samples)) * LEVEL * NOISE_SHARE
    return samples + noise.astype(np.float32)


CONDITIONS: dict[str, Callable[[NDArray[np.float32]], NDArray[np.float32]]] = {
    "as they are": lambda samples: samples,
    "telephone": _by_telephone,
    "noise 12 dB below": _in_noise,
}
