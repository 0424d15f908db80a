"""Mel spectra and embeddings: equal to what librosa and ONNX Runtime compute."""

from __future__ import annotations

import numpy as np
import pytest

from speechserver.speakers.encoder import BATCH, Encoder
from speechserver.speakers.spectrum import BANDS, mel_filters, mel_frames
from speechserver.speakers.units import LEVEL, WINDOW_FRAMES, embed_speech, windows_of, without_pauses
from speechserver.speakers.weights import load_weights
from tests.support.speech_server.speakers import harmonics


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """The real encoder."""
    return Encoder(load_weights())


def test_mel_powers_are_those_of_librosa() -> None:
    # librosa 0.11: melspectrogram(n_fft=400, hop_length=160, n_mels=40), frame 80
    expected = [0.280634, 0.41211, 0.134072, 0.0685797, 0.0586949, 0.0268947, 0.0240774, 0.0206641]
    assert mel_frames(harmonics(120, 1.6))[80, :8] == pytest.approx(expected, rel=1e-4)


def test_each_band_weighs_its_frequencies_alike() -> None:
    filters = mel_filters()
    assert filters.shape == (BANDS, 201)
    # Area 1, if a triangle is wide enough for the bins of 40 Hz to sample it
    assert filters[20:].sum(axis=1) * 40 == pytest.approx(np.ones(20), rel=0.05)


def test_embeddings_are_those_of_a_reference(encoder: Encoder) -> None:
    # ONNX Runtime's LSTM operator over librosa's spectra; the six greatest values of each
    expected = {
        120: {82: 0.2129, 146: 0.1947, 122: 0.1925, 248: 0.1858, 189: 0.1796, 111: 0.1679},
        210: {234: 0.2541, 189: 0.2221, 131: 0.1931, 129: 0.185, 49: 0.1832, 180: 0.1628},
    }
    for pitch_hz, values in expected.items():
        _, embeddings = embed_speech(encoder, harmonics(pitch_hz, 1.6), [(0.0, 1.6)])
        assert {at: embeddings[0, at] for at in values} == pytest.approx(values, abs=2e-3)


def test_embeddings_have_unit_length_and_do_not_depend_on_their_batch(encoder: Encoder) -> None:
    chance = np.random.default_rng(1)
    windows = chance.random((BATCH + 3, 20, BANDS)).astype(np.float32) * LEVEL
    together = encoder.embed(windows)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(windows)), abs=1e-5)
    assert together[BATCH:] == pytest.approx(encoder.embed(windows[BATCH:]), abs=1e-5)
    assert encoder.embed(windows[:0]).shape == (0, 256)


def test_loudness_does_not_change_a_voice(encoder: Encoder) -> None:
    _, [loud] = embed_speech(encoder, harmonics(150, 1.6), [(0.0, 1.6)])
    _, [quiet] = embed_speech(encoder, harmonics(150, 1.6) * np.float32(0.03), [(0.0, 1.6)])
    assert loud @ quiet > 0.999


@pytest.mark.parametrize("pitch_hz", [120, 150, 210])
def test_a_short_word_sounds_like_the_voice_that_says_it(encoder: Encoder, pitch_hz: int) -> None:
    """A window that is only partly filled would lie far from the whole ones."""
    _, [word] = embed_speech(encoder, harmonics(pitch_hz, 0.6), [(0.0, 0.6)])
    _, [sentence] = embed_speech(encoder, harmonics(pitch_hz, 1.6), [(0.0, 1.6)])
    assert word @ sentence > 0.9


def test_digital_silence_and_no_speech_do_no_harm(encoder: Encoder) -> None:
    bounds, embeddings = embed_speech(encoder, np.zeros(16_000, np.float32), [(0.0, 1.0)])
    assert bounds.tolist() == [[0.0, 1.0]]
    assert np.isfinite(embeddings).all()
    assert len(embed_speech(encoder, np.zeros(16_000, np.float32), [])[0]) == 0
    assert len(embed_speech(encoder, np.zeros(0, np.float32), [(0.0, 0.5)])[0]) == 0


def test_windows_cover_a_span_to_its_end() -> None:
    windows = list(windows_of(100, 400))
    assert windows == [(100, 260), (150, 310), (200, 360), (240, 400)]
    assert all(end - start == WINDOW_FRAMES for start, end in windows)


def test_a_span_is_cut_at_the_end_of_the_audio_and_dropped_if_it_is_too_short(encoder: Encoder) -> None:
    bounds, _ = embed_speech(encoder, harmonics(120, 1.0), [(-0.5, 2.0), (0.5, 0.7), (3.0, 4.0)])
    assert bounds.tolist() == [[0.0, 1.01]]


def test_pauses_within_a_span_are_left_out(encoder: Encoder) -> None:
    """A voice activity filter may bridge pauses of seconds; windows of silence would resemble another speaker."""
    pause = np.random.default_rng(2).standard_normal(16_000).astype(np.float32) * 1e-4
    samples = np.concatenate([harmonics(120, 1.6), pause, harmonics(120, 1.6)])
    bounds, _ = embed_speech(encoder, samples, [(0.0, 4.2)])
    assert bounds == pytest.approx(np.array([[0.0, 1.6], [2.6, 4.2]]), abs=0.12)


def test_short_pauses_and_soft_words_stay_in() -> None:
    power = np.concatenate([np.full(100, 1.0), np.zeros(24), np.full(50, 0.01), np.full(100, 1.0)]).astype(np.float32)
    assert list(without_pauses(power, 0, 274)) == [(0, 274)]
    assert list(without_pauses(np.zeros(50, np.float32), 10, 10)) == []
