"""Sessions that are over, corrections of them, and what another hearing makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import factories
from tests.support.edits import set_text
from transcripts import clock
from transcripts.document import Segment, Timing, Word
from transcripts.models import LiveSession, ProcessingJob, Transcript
from transcripts.models import Segment as SegmentRow
from transcripts.models.choices import LiveStatus
from transcripts.services.live import final_words, leases, lifecycle
from transcripts.services.pipeline import jobs, merged_transcript

if TYPE_CHECKING:
    from accounts.models import Team, User

WORD_MS = 400


def said(text: str, start_ms: int, speaker: str | None = None) -> Segment:
    """A segment whose words sound WORD_MS each, one after the other."""
    words = tuple(
        Word(word.strip(".,?"), start_ms + n * WORD_MS, start_ms + (n + 1) * WORD_MS, 0.9, Timing.MEASURED)
        for n, word in enumerate(text.split())
    )
    return Segment(text, start_ms, start_ms + len(words) * WORD_MS, speaker, words)


def answer(*segments: Segment) -> dict[str, Any]:
    """The script of a provider that hears this."""
    said = [
        {
            "speaker": segment.speaker,
            "start": (segment.start_ms or 0) / 1000,
            "end": (segment.end_ms or 0) / 1000,
            "text": segment.text,
            "words": [
                {"word": word.text, "start": (word.start_ms or 0) / 1000, "end": (word.end_ms or 0) / 1000}
                for word in segment.words
            ],
        }
        for segment in segments
    ]
    text = " ".join(segment.text for segment in segments)
    return {"answer": {"transcription": text, "language": "en", "segments": said}}


def correct(row: SegmentRow, text: str, person: User) -> None:
    """Correct a segment, whatever its revision."""
    set_text(row, text, actor=person)


def make_session(team: Team, owner: User, *spoken: Segment, title: str = "Meeting", **fields: Any) -> Transcript:
    """Make a session that is over; return what was written while it lasted."""
    factories.make_account()
    session = leases.take(lifecycle.start(owner=owner, team=team, title=title))
    for segment in spoken:
        final_words.append(session, segment)
    over = {"status": LiveStatus.FINISHED, "finished_at": clock.now(), "holder": "", "lease_until": None, **fields}
    LiveSession.objects.filter(pk=session.pk).update(**over)
    session.recording.duration_ms = 41_000
    session.recording.save(update_fields=["duration_ms"])
    return Transcript.objects.get(pk=session.transcript_id)


def finish(job: ProcessingJob, *heard: Segment) -> Transcript:
    """End a job that improves a text: this was heard."""
    jobs.mark_running(job.pk)
    base = job.base_transcript
    assert base is not None
    account = job.account
    transcript = Transcript.objects.create(
        recording=job.recording, job=job, language="en", provider=account.name, engine="engine 2"
    )
    merged_transcript.write(transcript, merged_transcript.prepare(base, heard))
    jobs.succeed(job.pk)
    return transcript
