"""Times that cannot be are noticed beside the transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.models import Transcript
from transcripts.services import notices

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess


def test_times_past_the_end_of_the_recording_are_noticed(pipeline: Pipeline, speech: SpeechProcess) -> None:
    words = [{"word": "here", "start": 0, "end": 0.5}, {"word": "beyond", "start": 90, "end": 91}]
    speech.rescript({"answer": {"transcription": "here beyond", "language": "en", "words": words}})
    pipeline.bring()
    pipeline.until_idle()
    transcript = Transcript.objects.get()
    [notice] = notices.messages(transcript.recording)
    assert "1 time past the end" in notice
    duration_ms = transcript.recording.duration_ms
    assert [(row.text, row.end_ms) for row in transcript.segments.all()] == [("here", 500), ("beyond", duration_ms)]
