"""A transcript that someone already has becomes the newest one of a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import factories
from transcripts.models import Activity, ImportedFile, ProcessingJob, ProviderCall, Transcript
from transcripts.services import notices
from transcripts.services.errors import Refused
from transcripts.services.recordings import imports, parts, uploads
from transcripts.services.transcript.imports import files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from pytest_django import Settings

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess
    from transcripts.models import Recording

SRT = b"1\n00:00:00,100 --> 00:00:00,400\nAnna: Hello there.\n\n2\n00:00:00,500 --> 00:00:00,900\nBen: Hi.\n"
TEXT = b"Anna: Hello there.\n\nBen: Good day.\n"
ANSWER = {
    "transcription": "Hello there. Hi.",
    "language": "en",
    "duration": 1.0,
    "engine": "scripted",
    "segments": [
        {
            "start": 0.1,
            "end": 0.9,
            "text": "Hello there. Hi.",
            "words": [
                {"word": "Hello", "start": 0.1, "end": 0.3, "confidence": 0.9},
                {"word": "there.", "start": 0.3, "end": 0.6, "confidence": 0.8},
                {"word": "Hi.", "start": 0.7, "end": 0.9, "confidence": 0.7},
            ],
        },
    ],
}


def bring(pipeline: Pipeline, name: str, content: bytes) -> Recording:
    """Upload the tone with a transcript beside it."""
    file = files.store(name, content, actor=pipeline.person)
    data = pipeline.tone.read_bytes()
    upload = uploads.create(
        owner=pipeline.person,
        team=pipeline.person.personal_team,
        filename="tone.wav",
        length=len(data),
        transcript=file.pk,
    )
    with pipeline.tone.open("rb") as body:
        upload = parts.append(upload, body, offset=0, size=len(data))
    assert upload.recording is not None
    return upload.recording


def test_media_with_subtitles_asks_no_provider(pipeline: Pipeline) -> None:
    recording = bring(pipeline, "tone.srt", SRT)
    pipeline.until_idle()
    job = pipeline.job(recording)
    assert (job.status, job.error_message) == ("succeeded", "")
    transcript = Transcript.objects.get(recording=recording)
    assert (transcript.provider, transcript.engine, transcript.job) == ("import", "tone.srt", job)
    assert [(one.text, one.start_ms, str(one.speaker)) for one in transcript.segments.select_related("speaker")] == [
        ("Hello there.", 100, "Anna"),
        ("Hi.", 500, "Ben"),
    ]
    assert not ProviderCall.objects.exclude(endpoint="health").exists()
    assert Activity.objects.get(verb="transcript:imported").actor == pipeline.person


def test_text_without_times_has_those_of_the_audio(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": ANSWER})
    recording = bring(pipeline, "tone.txt", TEXT)
    pipeline.until_idle()
    transcript = Transcript.objects.get(recording=recording)
    first, second = transcript.segments.all()
    assert first.words == [["Hello", 100, 300, 0.9, "retained"], ["there.", 300, 600, 0.8, "retained"]]
    assert second.text == "Good day."
    assert {word[3] for word in second.words} == {0.1}
    recording.refresh_from_db()
    assert "were found by scripted" in notices.messages(recording)[0]


def test_a_prepared_recording_has_its_transcript_immediately_and_keeps_the_earlier_one(pipeline: Pipeline) -> None:
    recording = pipeline.bring()
    pipeline.until_idle()
    recording.refresh_from_db()
    earlier = Transcript.objects.get(recording=recording)
    jobs = ProcessingJob.objects.count()
    made = imports.import_transcript(recording, filename="a.srt", content=SRT, actor=pipeline.person)
    again = imports.import_transcript(recording, filename="a.srt", content=SRT, actor=pipeline.person)
    assert made is not None
    assert made == again
    assert list(Transcript.objects.filter(recording=recording).order_by("created_at")) == [earlier, made]
    assert ProcessingJob.objects.count() == jobs
    assert ImportedFile.objects.get().content == SRT


def test_text_without_times_for_a_prepared_recording_is_a_job(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": ANSWER})
    recording = pipeline.bring()
    pipeline.until_idle()
    recording.refresh_from_db()
    assert imports.import_transcript(recording, filename="a.txt", content=TEXT, actor=pipeline.person) is None
    pipeline.until_idle()
    newest = Transcript.objects.filter(recording=recording).latest("created_at")
    assert newest.segments.all()[0].start_ms == 100
    assert ImportedFile.objects.get().transcript == newest


@pytest.mark.django_db
def test_without_a_recogniser_times_are_estimated_and_that_is_said(settings: Settings) -> None:
    settings.STT_API_ENDPOINT = "https://stt.example.org"
    cast = factories.make_cast()
    recording = factories.make_recording(cast.team)
    made = imports.import_transcript(recording, filename="a.txt", content=TEXT, actor=cast.erin)
    assert made is not None
    first, second = made.segments.all()
    assert (first.start_ms, second.end_ms) == (0, 41_000)
    recording.refresh_from_db()
    assert "They are estimated" in notices.messages(recording)[0]


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_stores_nothing() -> None:
    cast = factories.make_cast()
    recording = factories.make_recording(cast.team)
    with pytest.raises(Refused, match="Line 2: this isn’t a subtitle time") as refused:
        content = SRT.replace(b"00:00:00,400", b"later")
        imports.import_transcript(recording, filename="a.srt", content=content, actor=cast.erin)
    assert refused.value.code == "unreadable_transcript"
    assert not ImportedFile.objects.exists()


@pytest.mark.django_db
def test_a_recording_that_is_transcribed_refuses_a_transcript() -> None:
    cast = factories.make_cast()
    recording = factories.make_recording(cast.team)
    factories.make_job(recording)
    with pytest.raises(Refused, match="already being transcribed"):
        imports.import_transcript(recording, filename="a.srt", content=SRT, actor=cast.erin)
    assert not ImportedFile.objects.exists()


@pytest.mark.django_db
def test_a_file_belongs_to_one_upload_of_the_person_who_sent_it() -> None:
    cast = factories.make_cast()
    file = files.store("a.srt", SRT, actor=cast.erin)
    said: dict[str, Any] = {"team": cast.team, "filename": "a.wav", "length": 9, "transcript": file.pk}
    with pytest.raises(Refused, match="no longer stored"):
        uploads.create(owner=cast.alice, **said)
    upload = uploads.create(owner=cast.erin, **said)
    with pytest.raises(Refused, match="no longer stored"):
        uploads.create(owner=cast.erin, **said)
    file.refresh_from_db()
    assert file.upload == upload


def test_an_import_that_is_cut_off_in_the_middle_is_written_whole_and_once(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, cuts = notices.replace, [OSError("cut off")]

    def cut_off_once(recording_id: UUID, source: notices.Source, found: Iterable[notices.Notice]) -> None:
        if source == "transcript" and cuts:
            raise cuts.pop()
        replace(recording_id, source, found)

    monkeypatch.setattr(notices, "replace", cut_off_once)
    recording = bring(pipeline, "tone.srt", SRT)
    pipeline.until_idle()
    assert not cuts
    assert Transcript.objects.get(recording=recording).segments.count() == 2
    assert Activity.objects.filter(verb="transcript:imported").count() == 1
