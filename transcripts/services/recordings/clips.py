"""Clips of a recording: a part that a person chose, and a sample of a speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from transcripts.media import clips, errors
from transcripts.models.choices import MediaKind
from transcripts.services import storage
from transcripts.services.errors import Refused
from transcripts.services.recordings import missing_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.models import MediaFile, Speaker, Transcript

SAMPLE_MS = 10_000
LONGEST_S = clips.LONGEST_MS // 1000
NO_AUDIO = "The audio of this recording can't be found, so nothing can be cut from it. Tell an administrator."
NO_SAMPLE = "No part of the recording is known to be of this speaker, so there is no sample."


def clip(transcript: Transcript, from_ms: int, to_ms: int) -> bytes:
    """Return a part of the recording as a WAV file, all audio tracks mixed. Raises Refused."""
    if from_ms >= to_ms or from_ms >= (transcript.recording.duration_ms or to_ms):
        raise Refused("clip_span", "A clip ends after it begins, and begins within the recording. Choose another part.")
    if to_ms - from_ms > clips.LONGEST_MS:
        raise Refused("clip_span", f"A clip is at most {LONGEST_S} seconds long. Choose a shorter part.")
    file = _audio(transcript)
    return _cut(file, [_placed(track, from_ms, to_ms) for track in file.layout] or [(from_ms, to_ms)])


def sample(transcript: Transcript, speaker: Speaker) -> bytes:
    """Return ten seconds of a speaker's longest segment, of their own track if they have one. Raises Refused."""
    spoken = transcript.segments.filter(speaker=speaker, start_ms__isnull=False, end_ms__gt=F("start_ms"))
    longest = spoken.annotate(length_ms=F("end_ms") - F("start_ms")).order_by("-length_ms", "position").first()
    if longest is None or longest.start_ms is None or longest.end_ms is None:
        raise Refused("clip_audio", NO_SAMPLE)
    from_ms, to_ms = longest.start_ms, min(longest.end_ms, longest.start_ms + SAMPLE_MS)
    file = _audio(transcript)
    own = [track for track in file.layout if _is_of(speaker, track["label"])]
    return _cut(file, [_placed(track, from_ms, to_ms) for track in own or file.layout] or [(from_ms, to_ms)])


def _is_of(speaker: Speaker, label: str) -> bool:
    """Tell whether a speaker was named after this track: "Desktop", or "Desktop, speaker 2"."""
    return speaker.provider_label == label or speaker.provider_label.startswith(f"{label}, ")


def _placed(track: dict[str, int], from_ms: int, to_ms: int) -> tuple[int, int]:
    """Return where a part is in the provider audio, in which the tracks are one after the other."""
    return track["start_ms"] + from_ms, min(track["start_ms"] + to_ms, track["end_ms"])


def _audio(transcript: Transcript) -> MediaFile:
    file = transcript.recording.media_files.filter(kind=MediaKind.AUDIO).first()
    if file is None:
        raise Refused("clip_audio", NO_AUDIO)
    return file


def _cut(file: MediaFile, spans: Sequence[tuple[int, int]]) -> bytes:
    source = storage.path_of(file.storage_name)
    if not source.exists():
        missing_files.report_missing(file)
        raise Refused("clip_audio", NO_AUDIO)
    # A track may be shorter than the others
    audible = [span for span in spans if span[0] < span[1]]
    try:
        with storage.workspace() as folder:
            return clips.cut(source, folder, audible)
    except errors.MediaError as error:
        raise Refused("clip_audio", "There is no audio in this part of the recording. Choose another part.") from error
