"""A recording with several audio tracks: one transcript with a speaker for each, and a choice people can change."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from tests.support.audio import ffmpeg, write_beeps
from transcripts import jobs as entry_points
from transcripts.models import Chunk, MediaFile, ProviderCall, Recording, Step, Transcript
from transcripts.services import notices
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs, retranscription
from transcripts.services.recordings import tracks
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

# Where the second track begins in the provider's audio: behind six seconds and a pause of two
SECOND_S = 8.0


@pytest.fixture(scope="module")
def two_tracks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two tracks of six seconds with titles, and a silent third."""
    folder = tmp_path_factory.mktemp("tracks")
    write_beeps(folder / "one.wav", count=3)
    write_beeps(folder / "other.wav", count=3, hertz=700)
    ffmpeg("-i", folder / "other.wav", "-af", "adelay=700:all=1,atrim=end=6", folder / "later.wav")
    inputs = ("-i", folder / "one.wav", "-i", folder / "later.wav", "-f", "lavfi", "-i", "anullsrc=d=6")
    titles = ("-metadata:s:a:0", "title=Desktop", "-metadata:s:a:1", "title=Mic")
    ffmpeg(*inputs, "-map", "0", "-map", "1", "-map", "2", "-c:a", "flac", *titles, folder / "two.mkv")
    return folder / "two.mkv"


def word(text: str, start: float) -> dict[str, Any]:
    return {"word": text, "start": start, "end": start + 0.4, "confidence": 0.9}


def segment(*words: dict[str, Any]) -> dict[str, Any]:
    text = " ".join(one["word"] for one in words)
    return {"start": words[0]["start"], "end": words[-1]["end"], "text": text, "words": list(words)}


SEGMENTS = [
    segment(word("good", 0.1), word("morning", 0.6)),
    # A recogniser may take the pause between two tracks for one between two words
    segment(word("thank", 4.0), word("you", 4.5), word("hello", SECOND_S + 0.8), word("too", SECOND_S + 1.3)),
    segment(word("welcome", SECOND_S + 5.0)),
]
ANSWER = {"transcription": "good morning thank you hello too welcome", "language": "en", "segments": SEGMENTS}


def lines(transcript: Transcript) -> list[tuple[str, str, int | None]]:
    rows = transcript.segments.select_related("speaker").order_by("position")
    return [(str(row.speaker), row.text, row.start_ms) for row in rows]


def test_tracks_become_speakers_of_one_transcript(pipeline: Pipeline, speech: SpeechProcess, two_tracks: Path) -> None:
    speech.rescript({"answer": ANSWER})
    recording = pipeline.bring(two_tracks)
    pipeline.until_idle()
    assert lines(Transcript.objects.get()) == [
        ("Desktop", "good morning", 100),
        ("Mic", "hello too", 800),
        ("Desktop", "thank you", 4000),
        ("Mic", "welcome", 5000),
    ]
    recording.refresh_from_db()
    assert recording.duration_ms == pytest.approx(6000, abs=20)
    assert [(track["label"], track["is_used"]) for track in recording.tracks] == [
        ("Desktop", True),
        ("Mic", True),
        ("Track 3", False),
    ]


def test_a_text_without_times_is_shared_between_the_tracks_and_loses_no_word(
    pipeline: Pipeline, speech: SpeechProcess, two_tracks: Path
) -> None:
    speech.rescript({"answer": {"transcription": "good morning thank you hello too welcome", "language": "en"}})
    recording = pipeline.bring(two_tracks)
    pipeline.until_idle()
    transcript = Transcript.objects.get()
    said = {speaker: text for speaker, text, _ in lines(transcript)}
    assert set(said) == {"Desktop", "Mic"}
    assert f"{said['Desktop']} {said['Mic']}" == "good morning thank you hello too welcome"
    recording.refresh_from_db()
    ends = transcript.segments.values_list("end_ms", flat=True)
    assert all(end is not None and end <= (recording.duration_ms or 0) for end in ends)


def test_several_tracks_are_sent_and_paid_for_once(pipeline: Pipeline, speech: SpeechProcess, two_tracks: Path) -> None:
    speech.rescript({"answer": ANSWER})
    pipeline.bring(two_tracks)
    pipeline.until_idle()
    [call] = ProviderCall.objects.filter(endpoint="upload")
    assert call.audio_ms == pytest.approx(14_000, abs=50)
    assert len(speech.billed()) == 1


def test_a_choice_makes_a_transcript_of_its_own(pipeline: Pipeline, speech: SpeechProcess, two_tracks: Path) -> None:
    speech.rescript({"answer": ANSWER})
    recording = pipeline.bring(two_tracks)
    pipeline.until_idle()
    first = Transcript.objects.get()
    before = lines(first)
    recording.refresh_from_db()
    speech.rescript({"answer": "only this"})
    tracks.choose_tracks(recording, actor=pipeline.person, numbers=[3])
    pipeline.until_idle()
    assert lines(first) == before
    second = Transcript.objects.exclude(pk=first.pk).get()
    assert [text for _, text, _ in lines(second)] == ["only this"]
    recording.refresh_from_db()
    assert [track["is_used"] for track in recording.tracks] == [False, False, True]
    assert MediaFile.objects.get(recording=recording, kind="audio").layout == []


def test_a_choice_of_nothing_is_refused_and_changes_nothing(
    pipeline: Pipeline, speech: SpeechProcess, two_tracks: Path
) -> None:
    recording = pipeline.bring(two_tracks)
    pipeline.until_idle()
    recording.refresh_from_db()
    for numbers in ([], [9]):
        with pytest.raises(Refused):
            tracks.choose_tracks(recording, actor=pipeline.person, numbers=numbers)
    assert recording.jobs.count() == 1


def test_a_choice_is_refused_while_the_recording_is_transcribed(pipeline: Pipeline, two_tracks: Path) -> None:
    recording = pipeline.bring(two_tracks)
    entry_points.run_step(Step.objects.get().pk)
    recording.refresh_from_db()
    with pytest.raises(Refused):
        tracks.choose_tracks(recording, actor=pipeline.person, numbers=[1])
    recording.refresh_from_db()
    assert recording.tracks_wanted == []


def test_an_answer_is_taken_apart_as_it_was_sent_after_a_retry(
    pipeline: Pipeline, speech: SpeechProcess, two_tracks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speech.rescript({"answer": ANSWER})
    recording = pipeline.bring(two_tracks)
    pipeline.until_idle()
    Transcript.objects.all().delete()
    job = pipeline.job(recording)
    type(job).objects.filter(pk=job.pk).update(status="failed", error_code="unexpected")
    # What is stored was prepared in another way since
    MediaFile.objects.filter(kind="audio").update(layout=[])
    jobs.retry(recording, actor=pipeline.person)
    pipeline.until_idle()
    assert [speaker for speaker, _, _ in lines(Transcript.objects.get())] == ["Desktop", "Mic", "Desktop", "Mic"]
    assert len(speech.billed()) == 1
    assert Chunk.objects.count() == 2


def test_what_is_left_out_is_said_on_the_page_in_the_terminal_and_in_json(
    pipeline: Pipeline, speech: SpeechProcess, two_tracks: Path
) -> None:
    speech.rescript({"answer": ANSWER})
    recording = pipeline.bring(two_tracks)
    pipeline.until_idle()
    recording.refresh_from_db()
    message = "Transcribed: Desktop and Mic. Left out: Track 3, because there is no audio in it."
    assert notices.messages(recording) == [message]
    exported = json.loads(exports.export(Transcript.objects.select_related("recording").get(), "json").content)
    assert exported["notices"] == [
        {
            "code": "tracks_left_out",
            "values": {"kept": ["Desktop", "Mic"], "left_out": ["Track 3"], "why": "silent"},
            "message": message,
        }
    ]


def test_the_terminal_says_what_could_not_be_read_beside_the_transcript(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "cut.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=d=20:r=16000", source)
    source.write_bytes(source.read_bytes()[:320_000])
    pipeline.conductor.tick()
    monkeypatch.setattr("transcripts.management.transcribe.one_file.time.sleep", lambda _: pipeline.step_once())
    said, printed = io.StringIO(), io.StringIO()
    call_command("transcribe", str(source), stdout=printed, stderr=said)
    assert "About 10 s of audio could not be read." in said.getvalue()
    assert "could not be read" not in printed.getvalue()
    assert Recording.objects.get().notices[0]["values"] == {"about_ms": pytest.approx(10_000, abs=20)}


@pytest.mark.parametrize("voices", [1, 2])
def test_a_track_for_each_speaker_is_exact_and_voices_within_one_are_an_estimate(
    pipeline: Pipeline, speech: SpeechProcess, two_tracks: Path, voices: int
) -> None:
    segments = [{**one, "speaker": str(number % voices)} for number, one in enumerate(SEGMENTS)]
    speech.rescript({"answer": {**ANSWER, "segments": segments}})
    pipeline.bring(two_tracks)
    pipeline.until_idle()
    assert Transcript.objects.get().has_estimated_speakers == (voices > 1)


def test_separating_again_keeps_the_names_of_tracks(
    pipeline: Pipeline, speech: SpeechProcess, two_tracks: Path
) -> None:
    speech.rescript({"answer": ANSWER})
    pipeline.bring(two_tracks)
    pipeline.until_idle()
    retranscription.retranscribe(Transcript.objects.get(), actor=pipeline.person)
    pipeline.until_idle()
    labels = {tuple(sorted(one.speakers.values_list("label", flat=True))) for one in Transcript.objects.all()}
    assert labels == {("Desktop", "Mic")}
