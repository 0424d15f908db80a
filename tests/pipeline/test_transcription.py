"""A recording on its way from upload to transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from transcripts.models import Activity, Chunk, MediaFile, Segment, Step, Transcript
from transcripts.models.choices import Stage
from transcripts.selectors.status import status_of
from transcripts.services import storage
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import health

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

ANSWER = {
    "transcription": "Hello there. Hi.",
    "language": "en",
    "duration": 1.0,
    "engine": "scripted",
    "segments": [
        {
            "speaker": "S7",
            "start": 0.1,
            "end": 0.6,
            "text": "Hello there.",
            "words": [
                {"word": "Hello", "start": 0.1, "end": 0.3, "confidence": 0.9},
                {"word": "there.", "start": 0.3, "end": 0.6, "confidence": 0.2},
            ],
        },
        {"speaker": "S2", "start": 0.7, "end": 0.9, "text": "Hi.", "words": []},
    ],
}


def test_an_upload_becomes_a_transcript(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": ANSWER})
    recording = pipeline.bring(language="en")
    pipeline.until_idle()

    job = pipeline.job(recording)
    assert (job.status, job.stage, job.error_message) == ("succeeded", "done", "")
    transcript = Transcript.objects.get(recording=recording)
    assert transcript.engine == "scripted"
    assert transcript.language == "en"
    assert transcript.word_count == 3
    first, second = transcript.segments.select_related("speaker")
    assert (first.text, first.start_ms, first.end_ms) == ("Hello there.", 100, 600)
    assert first.words == [["Hello", 100, 300, 0.9, "measured"], ["there.", 300, 600, 0.2, "measured"]]
    assert [str(first.speaker), str(second.speaker)] == ["Speaker 1", "Speaker 2"]
    assert second.words == [["Hi.", 700, 900, None, "estimated"]]
    recording.refresh_from_db()
    assert recording.duration_ms == 1000


def test_every_step_ends_as_done_and_every_transition_is_written_down(pipeline: Pipeline) -> None:
    recording = pipeline.bring()
    pipeline.until_idle()
    assert dict(Step.objects.values_list("kind", "status")) == dict.fromkeys(
        ("prepare", "submit", "check", "assemble"), "done"
    )
    verbs = list(Activity.objects.filter(recording=recording).order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "recording:uploaded",
        "job:started",
        "recording:prepared",
        "recording:sent",
        "recording:answered",
        "transcript:made",
        "job:succeeded",
    ]


def test_the_provider_gets_lossless_mono_audio_and_the_original_stays_as_it_was(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    recording = pipeline.bring()
    pipeline.until_idle()
    audio = MediaFile.objects.get(recording=recording, kind="audio")
    [billed] = speech.billed()
    assert billed["bytes"] == audio.bytes
    assert storage.path_of(audio.storage_name).read_bytes()[:4] == b"fLaC"
    original = MediaFile.objects.get(recording=recording, kind="original")
    assert storage.path_of(original.storage_name).read_bytes() == pipeline.tone.read_bytes()
    assert len(original.sha256) == 64


def test_the_answer_is_kept_word_for_word(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": ANSWER})
    pipeline.bring()
    pipeline.until_idle()
    chunk = Chunk.objects.get()
    assert b'"Hello there. Hi."' in bytes(chunk.answer or b"")
    assert chunk.status == "answered"


def test_no_speech_gives_an_empty_transcript(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": {"transcription": "", "segments": []}})
    recording = pipeline.bring()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert Segment.objects.count() == 0


def test_text_without_times_spans_the_recording(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": "one two"})
    pipeline.bring()
    pipeline.until_idle()
    segment = Segment.objects.get()
    assert (segment.start_ms, segment.end_ms) == (0, 1000)
    assert [word[4] for word in segment.words] == ["estimated", "estimated"]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"only text, whatever its name says " * 50, "not_media", "not an audio or video file"),
        (b"\x00\x00\x00\x20ftypisom" + b"\x00" * 500, "incomplete_file", "incomplete"),
    ],
)
def test_what_is_no_media_ends_with_a_sentence_and_is_never_sent(
    pipeline: Pipeline, speech: SpeechProcess, tmp_path: Path, content: bytes, code: str, words: str
) -> None:
    file = tmp_path / "bad.wav"
    file.write_bytes(content)
    recording = pipeline.bring(file)
    pipeline.until_idle()
    job = pipeline.job(recording)
    assert (job.status, job.error_code) == ("failed", code)
    assert words in job.error_message
    assert speech.ledger("upload") == []


def test_a_language_nobody_knows_is_refused_before_anything_is_sent(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"engine": "small engine", "languages": ["en"]})
    pipeline.step_once()  # asks for the provider's health
    with pytest.raises(Refused, match=r"small engine doesn’t support the language “fr”\. It supports: en\."):
        pipeline.bring(language="fr")
    assert speech.ledger("upload") == []


def test_a_language_that_is_no_longer_known_is_refused_at_the_last_moment(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    recording = pipeline.bring(language="fr")
    speech.rescript({"languages": ["en"]})
    health.check_health(pipeline.account)
    pipeline.until_idle()
    assert pipeline.job(recording).error_code == "language"
    assert speech.ledger("upload") == []


def test_what_the_provider_cannot_transcribe_ends_with_its_sentence(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"failure": {"code": "invalid_audio", "message": "Audio could not be decoded"}})
    recording = pipeline.bring()
    pipeline.until_idle()
    job = pipeline.job(recording)
    assert (job.status, job.error_code) == ("failed", "provider_failed")
    assert "Audio could not be decoded" in job.error_message


def test_a_second_job_is_refused_while_one_runs(pipeline: Pipeline) -> None:
    recording = pipeline.bring()
    with pytest.raises(Refused, match="already"):
        jobs.start(recording, actor=pipeline.person)


def test_running_again_prepares_nothing_twice(pipeline: Pipeline, speech: SpeechProcess) -> None:
    recording = pipeline.bring()
    pipeline.until_idle()
    jobs.start(recording, actor=pipeline.person)
    pipeline.until_idle()
    assert Step.objects.filter(kind="prepare").count() == 1
    assert Transcript.objects.filter(recording=recording).count() == 2
    assert len(speech.billed()) == 2


def test_a_cancelled_job_stops_at_once_and_sends_nothing(pipeline: Pipeline, speech: SpeechProcess) -> None:
    recording = pipeline.bring()
    assert jobs.cancel(pipeline.job(recording), actor=pipeline.person)
    pipeline.work()
    pipeline.step_once()
    assert pipeline.job(recording).status == "cancelled"
    assert list(Step.objects.values_list("status", flat=True)) == ["cancelled"]
    assert speech.ledger("upload") == []
    assert not jobs.cancel(pipeline.job(recording), actor=pipeline.person)


def test_a_recording_in_the_providers_queue_says_so_instead_of_zero_percent(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    body = {"status": "processing", "stage": "queued", "progress": 0.0}
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    recording = pipeline.bring()
    pipeline.until(lambda: pipeline.job(recording).stage == Stage.QUEUED)
    job = pipeline.job(recording)
    status = status_of(job, None)
    assert (status.words, status.percent) == ("Queued for transcription", None)
    speech.rescript({"answer": ANSWER})
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
