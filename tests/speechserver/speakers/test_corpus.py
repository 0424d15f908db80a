"""Speakers of real recordings: one is one, two are two, three are three, in any language and over the telephone."""

from __future__ import annotations

import csv
import itertools
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from faster_whisper.vad import VadOptions

from speechserver.audio import RATE_HZ
from tests.support.speech_server.speakers import VOICE_ACTIVITY, listen, samples_of, speech_in

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from speechserver.speakers import Turn

# Silero's own options bridge pauses of two seconds, and add 0.4 s of silence to either side.
BRIDGING = VadOptions(min_silence_duration_ms=2000, speech_pad_ms=400)


def _turns(
    samples: NDArray[np.float32], expected: int | None = None, options: VadOptions = VOICE_ACTIVITY
) -> list[Turn]:
    return listen(samples, speech_in(samples, options)).turns(expected)


def _joined(folder: Path, *names: str) -> NDArray[np.float32]:
    """Return recordings one after the other, each as loud as the others."""
    parts = [samples_of(folder / "speech" / name)[: 12 * RATE_HZ] for name in names]
    return np.concatenate([part * np.float32(0.05 / np.sqrt(np.mean(np.square(part)))) for part in parts])


@pytest.mark.corpus
@pytest.mark.parametrize("options", [VOICE_ACTIVITY, BRIDGING], ids=["pauses apart", "pauses bridged"])
@pytest.mark.parametrize(
    ("name", "speakers"),
    [
        ("en_speech_jfk.flac", 1),
        ("en_noisy_lj050_5dB.wav", 1),
        ("en_interview_spacewalk.wav", 1),
        ("en_poem_sonnet1_excerpt.mp4", 1),
        ("ru_read_line.wav", 1),
        ("zh_phone_minds14_mulaw.wav", 1),
        ("en_phone_chromecast_2spk.wav", 2),
        ("en_phone_watson3.wav", 2),
        ("nl_dialog_2spk.wav", 2),
        ("en_diarization_3spk.wav", 3),
    ],
)
def test_as_many_speakers_are_found_as_talk(corpus: Path, name: str, speakers: int, options: VadOptions) -> None:
    turns = _turns(samples_of(corpus / "speech" / name), None, options)
    assert (len({turn.speaker for turn in turns}) or 1) == speakers


@pytest.mark.corpus
def test_recordings_of_one_person_joined_are_one_speaker(corpus: Path) -> None:
    assert _turns(_joined(corpus, "en_video_sonnet1.mp4", "en_poem_sonnet2.mp3", "en_video_sonnet1.mp4")) == []


@pytest.mark.corpus
def test_three_people_joined_are_three_who_return(corpus: Path) -> None:
    names = ["es_read_arenas.wav", "en_speech_jfk.flac", "hi_read.wav", "es_read_arenas.wav", "en_speech_jfk.flac"]
    turns = _turns(_joined(corpus, *names))
    assert [speaker for speaker, _ in itertools.groupby(turn.speaker for turn in turns)] == [1, 2, 3, 1, 2]


@pytest.mark.corpus
@pytest.mark.parametrize("expected", [2, 3, 5])
def test_an_expected_number_is_honoured(corpus: Path, expected: int) -> None:
    turns = _turns(samples_of(corpus / "speech" / "nl_dialog_2spk.wav"), expected)
    assert {turn.speaker for turn in turns} == set(range(1, expected + 1))


@pytest.mark.corpus
def test_most_of_eleven_voices_is_given_to_the_right_one(corpus: Path) -> None:
    turns = _turns(samples_of(corpus / "speech" / "en_long_composite.mp3"))
    with (corpus / "speech" / "en_long_composite.turns.tsv").open(encoding="utf-8") as lines:
        known = [
            (float(row["start"]), float(row["end"]), row["speaker"]) for row in csv.DictReader(lines, delimiter="\t")
        ]
    shared = np.zeros((len({name for *_, name in known}), max(turn.speaker for turn in turns)))
    rows = {name: row for row, name in enumerate(dict.fromkeys(name for *_, name in known))}
    for start, end, name in known:
        for turn in turns:
            shared[rows[name], turn.speaker - 1] += max(0.0, min(end, turn.end_s) - max(start, turn.start_s))
    # The call at the end has two voices under one name, so its greater part counts alone.
    assert shared.max(axis=1).sum() / shared.sum() > 0.9


def test_speakers_need_numpy_alone() -> None:
    listing = "import sys, speechserver.speakers; print(*{name.partition('.')[0] for name in sys.modules})"
    output = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout
    heavy = {"torch", "scipy", "librosa", "sklearn", "resemblyzer", "onnxruntime", "faster_whisper", "django"}
    assert "numpy" in output.split()
    assert not heavy & set(output.split())
