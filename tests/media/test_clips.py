"""Clips: the right part of the audio, of the right tracks, and sentences for what can't be cut."""

from __future__ import annotations

import io
import wave
from array import array
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests import factories
from tests.support.audio import RATE_HZ, write_sound
from tests.views.conftest import client_of
from transcripts.media import clips, errors
from transcripts.media.decoder import cutting
from transcripts.media.names import clip_name
from transcripts.media.prepare import prepare
from transcripts.models import MediaFile, Segment, Speaker, Transcript
from transcripts.models.choices import MediaKind
from transcripts.services import storage
from transcripts.services.recordings import clips as service

if TYPE_CHECKING:
    from pathlib import Path

    from av.audio.frame import AudioFrame

    from tests.factories import Cast


def staircase(path: Path, seconds: int, first: int = 0) -> Path:
    """Write audio that is constant for a second and 100 higher in the next, so that a sample says when it was."""
    samples = array("h", (100 * (first + second) for second in range(seconds) for _ in range(RATE_HZ)))
    return write_sound(path, samples.tobytes())


def samples_of(file: bytes) -> array[int]:
    with wave.open(io.BytesIO(file)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE_HZ, 1, 2)
        return array("h", sound.readframes(sound.getnframes()))


@pytest.fixture
def cast(db: None) -> Cast:
    return factories.make_cast()


def make_transcript(cast: Cast, tmp_path: Path, *, layout: list[dict[str, Any]] | None = None) -> Transcript:
    """Make a transcript of 41 seconds with its audio."""
    recording = factories.make_recording(cast.team)
    transcript = factories.make_transcript(recording)
    file = MediaFile.objects.get(recording=recording, kind=MediaKind.AUDIO)
    path = storage.path_of(file.storage_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    staircase(path, 90)
    MediaFile.objects.filter(pk=file.pk).update(layout=layout or [])
    return transcript


@pytest.mark.parametrize(("from_ms", "to_ms"), [(0, 1_000), (1_500, 4_250), (39_900, 41_000), (7, 9)])
def test_a_clip_is_exactly_what_was_between_two_times(tmp_path: Path, from_ms: int, to_ms: int) -> None:
    made = prepare(staircase(tmp_path / "in.wav", 41), tmp_path, lambda share: None)
    samples = samples_of(clips.cut(made.audio, tmp_path, [(from_ms, to_ms)]))
    assert len(samples) == (to_ms - from_ms) * RATE_HZ // 1000
    faded = clips.FADE_MS * RATE_HZ // 1000
    places = range(faded, len(samples) - faded)
    assert [samples[at] for at in places] == [100 * ((from_ms * 16 + at) // RATE_HZ) for at in places]


def test_what_is_before_and_after_a_clip_is_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = prepare(staircase(tmp_path / "in.wav", 327), tmp_path, lambda share: None)
    decoded: list[int] = []
    first_sample = cutting._first_sample

    def counting(frame: AudioFrame) -> int:
        decoded.append(frame.samples)
        return first_sample(frame)

    monkeypatch.setattr(cutting, "_first_sample", counting)
    cutting.cut({"source": str(made.audio), "folder": str(tmp_path), "spans": [[300_000, 301_000]]})
    assert array("h", (tmp_path / clip_name(0)).read_bytes())[8_000] == 30_000
    assert sum(decoded) < 10 * RATE_HZ


def test_tracks_are_mixed(tmp_path: Path) -> None:
    made = prepare(staircase(tmp_path / "in.wav", 20), tmp_path, lambda share: None)
    samples = samples_of(clips.cut(made.audio, tmp_path, [(1_000, 2_000), (10_000, 12_000)]))
    assert (len(samples), samples[8_000], samples[24_000]) == (2 * RATE_HZ, 1_100, 1_100)


def test_behind_the_end_there_is_no_clip(tmp_path: Path) -> None:
    made = prepare(staircase(tmp_path / "in.wav", 2), tmp_path, lambda share: None)
    with pytest.raises(errors.NoSound):
        clips.cut(made.audio, tmp_path, [(5_000, 6_000)])


@pytest.mark.parametrize("span", [(0, 60_001), (5, 5), (6, 5)])
def test_no_more_than_a_minute_is_held_in_memory(tmp_path: Path, span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="minute"):
        clips.cut(tmp_path / "in.wav", tmp_path, [span])


def test_a_clip_is_a_download_named_after_recording_and_time(cast: Cast, tmp_path: Path) -> None:
    transcript = make_transcript(cast, tmp_path)
    answer = client_of(cast.vera).get(reverse("transcript_clip", args=[transcript.pk]), {"from": "5000", "to": "7000"})
    assert answer["Content-Disposition"] == 'attachment; filename="Council meeting 0.05-0.07.wav"'
    assert samples_of(answer.content)[8_000] == 500
    assert not list(storage.path_of("work").iterdir())


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "A clip needs a beginning and an end"),
        ({"from": "1", "to": "x"}, "A clip needs a beginning and an end"),
        ({"from": "2000", "to": "1000"}, "A clip ends after it begins"),
        ({"from": "50000", "to": "51000"}, "begins within the recording"),
        ({"from": "0", "to": "60001"}, "at most 60 seconds long"),
    ],
)
def test_what_is_no_clip_is_refused_in_a_sentence(
    cast: Cast, tmp_path: Path, query: dict[str, str], sentence: str
) -> None:
    transcript = make_transcript(cast, tmp_path)
    answer = client_of(cast.vera).get(reverse("transcript_clip", args=[transcript.pk]), query)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_lost_audio_is_told_to_the_person_and_the_operator(cast: Cast, tmp_path: Path) -> None:
    transcript = make_transcript(cast, tmp_path)
    file = MediaFile.objects.get(kind=MediaKind.AUDIO)
    storage.remove(file.storage_name)
    answer = client_of(cast.vera).get(reverse("transcript_clip", args=[transcript.pk]), {"from": "0", "to": "1000"})
    assert (answer.status_code, "can’t be found" in answer.content.decode().replace("&#x27;", "’")) == (422, True)
    file.refresh_from_db()
    assert file.missing_since


def test_a_sample_is_ten_seconds_of_the_longest_segment(cast: Cast, tmp_path: Path) -> None:
    transcript = make_transcript(cast, tmp_path)
    speaker = Speaker.objects.get(transcript=transcript, position=1)
    Segment.objects.filter(speaker=speaker).update(start_ms=20_000, end_ms=38_000)
    Segment.objects.create(transcript=transcript, position=9, speaker=speaker, start_ms=39_000, end_ms=40_000, text="a")
    answer = client_of(cast.vera).get(reverse("speaker_sample", args=[transcript.pk, "1"]))
    samples = samples_of(answer.content)
    assert (len(samples), samples[8_000]) == (10 * RATE_HZ, 2_000)


def test_a_speaker_with_their_own_track_is_sampled_from_it(cast: Cast, tmp_path: Path) -> None:
    tracks = [("Desk", 0, 41_000), ("Guest", 43_000, 84_000)]
    layout = [{"label": label, "start_ms": start, "end_ms": end} for label, start, end in tracks]
    transcript = make_transcript(cast, tmp_path, layout=layout)
    speaker = Speaker.objects.get(transcript=transcript, position=1)
    speaker.provider_label = "Guest"
    Segment.objects.filter(speaker=speaker).update(start_ms=5_000, end_ms=6_000)
    assert samples_of(service.sample(transcript, speaker))[8_000] == 4_800
    assert samples_of(service.clip(transcript, 5_000, 6_000))[8_000] == 500 + 4_800


@pytest.mark.parametrize("key", ["2", "3", "x", "9" * 30])
def test_a_speaker_that_there_is_not_is_not_found(cast: Cast, tmp_path: Path, key: str) -> None:
    transcript = make_transcript(cast, tmp_path)
    assert client_of(cast.vera).get(reverse("speaker_sample", args=[transcript.pk, key])).status_code == 404


def test_a_speaker_without_times_has_no_sample(cast: Cast, tmp_path: Path) -> None:
    transcript = make_transcript(cast, tmp_path)
    Segment.objects.update(start_ms=None, end_ms=None)
    answer = client_of(cast.vera).get(reverse("speaker_sample", args=[transcript.pk, "1"]))
    assert (answer.status_code, "there is no sample" in answer.content.decode()) == (422, True)
