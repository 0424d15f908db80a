"""How sound is cut: every sample with a voice in it arrives once, in order."""

from __future__ import annotations

import math
import random
import struct

from speechserver.engines.utterances import LONGEST_S, Utterance, Utterances

RATE_HZ = 16_000
SILENCE = bytes(2 * RATE_HZ)


def voice(seconds: float) -> bytes:
    """Something that swells and fades like syllables, over and over."""
    chance = random.Random(1)  # the same each time
    second = [
        int(9_000 * (0.55 + 0.45 * math.sin(2 * math.pi * 4 * place / RATE_HZ)) * chance.uniform(-1, 1))
        for place in range(RATE_HZ)
    ]
    return (struct.pack(f"<{RATE_HZ}h", *second) * math.ceil(seconds))[: 2 * round(seconds * RATE_HZ)]


def cut(sound: bytes, piece: int = 1_000) -> list[Utterance]:
    """Feed it in odd pieces, as decoders give it."""
    utterances = Utterances()
    found: list[Utterance] = []
    for place in range(0, len(sound), piece):
        found += utterances.feed(sound[place : place + piece])
    return found + list(utterances.finish())


def spans(found: list[Utterance]) -> list[tuple[float, float]]:
    return [(one.start_s, one.start_s + len(one.samples) / 2 / RATE_HZ) for one in found]


def test_silence_is_no_utterance() -> None:
    assert cut(SILENCE * 5) == []
    assert cut(b"") == []


def test_a_voice_is_kept_whole_with_a_margin() -> None:
    [(start_s, end_s)] = spans(cut(SILENCE * 3 + voice(10) + SILENCE * 3))
    assert 2.0 < start_s <= 2.7
    assert 13.2 <= end_s < 14.5


def test_what_is_still_being_said_at_the_end_is_kept_to_the_last_sample() -> None:
    sound = SILENCE + voice(3.333)
    [(_, end_s)] = spans(cut(sound))
    assert end_s == len(sound) / 2 / RATE_HZ


def test_short_utterances_join_and_long_ones_stand_alone() -> None:
    assert len(cut(voice(1) + SILENCE * 2 + voice(1))) == 1
    assert len(cut(voice(1) + SILENCE * 6 + voice(1))) == 2
    assert len(cut(voice(10) + SILENCE * 2 + voice(10))) == 2


def test_speech_without_a_pause_is_cut_without_a_gap_or_an_overlap() -> None:
    sound = voice(LONGEST_S * 2 + 5)
    found = cut(sound, piece=32_000)
    assert len(found) >= 3
    assert max(len(one.samples) for one in found) <= (LONGEST_S + 1) * 2 * RATE_HZ
    assert b"".join(one.samples for one in found) == sound


def test_a_cut_falls_into_the_quietest_moment() -> None:
    sound = voice(55) + SILENCE[: RATE_HZ // 2] + voice(15)
    first, second = spans(cut(sound, piece=32_000))
    assert 55.0 <= first[1] <= 55.25
    assert second[0] == first[1]


def test_a_steady_noise_is_told_from_a_voice() -> None:
    chance = random.Random(2)
    hiss = struct.pack(f"<{RATE_HZ}h", *(int(chance.gauss(0, 2_000)) for _ in range(RATE_HZ)))
    assert Utterance(0.0, hiss).is_steady_noise()
    assert not Utterance(0.0, voice(1)).is_steady_noise()
    assert Utterance(0.0, b"").is_steady_noise()
