"""Audio and waveform of a recording that was never recorded."""

from __future__ import annotations

import json
import math
import wave
from typing import TYPE_CHECKING

from tests.support.audio import RATE_HZ as PROVIDER_RATE_HZ
from tests.support.audio import write_sound
from transcripts.models import MediaFile, Recording
from transcripts.models.choices import MediaKind
from transcripts.services import storage

if TYPE_CHECKING:
    from collections.abc import Sequence

RATE_HZ = 8000
LOUD = (8_000).to_bytes(2, "little", signed=True)
SILENT = bytes(2)


def add_sound(owner: Recording) -> None:
    """Give a recording a quiet tone as long as it says, and a waveform that looks like speech."""
    duration_ms = owner.duration_ms or 0
    sound, peaks = f"tests/{owner.pk}.wav", f"tests/{owner.pk}.json"
    storage.path_of(sound).parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(storage.path_of(sound)), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE_HZ)
        file.writeframes(b"\x80" * (RATE_HZ * duration_ms // 1000))
    heights = [_height(n) for n in range(1200)]
    storage.path_of(peaks).write_text(json.dumps({"duration_ms": duration_ms, "peaks": heights}))
    for kind, name, content_type in ((MediaKind.PLAYBACK, sound, "audio/wav"), (MediaKind.PEAKS, peaks, "")):
        size = storage.path_of(name).stat().st_size
        MediaFile.objects.create(recording=owner, kind=kind, storage_name=name, bytes=size, content_type=content_type)


def add_original(owner: Recording) -> None:
    """Let the recording's sound be the file that was uploaded."""
    sound = MediaFile.objects.get(recording=owner, kind=MediaKind.PLAYBACK)
    MediaFile.objects.create(
        recording=owner, kind=MediaKind.ORIGINAL, storage_name=sound.storage_name, bytes=sound.bytes
    )


def add_provider_audio(owner: Recording, loud: Sequence[Sequence[int]]) -> None:
    """Give a recording the audio that clips are cut from: silence but for the parts [from_ms, to_ms] in `loud`."""
    name, samples, per_ms = f"tests/{owner.pk}-provider.wav", bytearray(), PROVIDER_RATE_HZ // 1000
    for from_ms, to_ms in loud:
        samples += SILENT * (from_ms * per_ms - len(samples) // 2) + LOUD * ((to_ms - from_ms) * per_ms)
    samples += SILENT * ((owner.duration_ms or 0) * per_ms - len(samples) // 2)
    path = storage.path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_sound(path, bytes(samples))
    fields = {"storage_name": name, "bytes": path.stat().st_size, "content_type": "audio/wav"}
    MediaFile.objects.update_or_create(recording=owner, kind=MediaKind.AUDIO, defaults=fields)


def _height(n: int) -> int:
    phrase = max(0.08, math.sin(n / 21) * math.sin(n / 47 + 1) + 0.35)
    return min(255, int(190 * abs(phrase) * (0.55 + 0.45 * ((n * 7919) % 97) / 97)))
