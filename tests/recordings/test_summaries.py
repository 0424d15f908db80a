"""What the library reads of a recording equals what its jobs, transcripts and assignments say, after every change."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests import factories
from tests.support.edits import rename
from tests.support.retranscription import make_session
from transcripts.document import Segment as SpokenSegment
from transcripts.models import Recording, Segment, Transcript
from transcripts.models.choices import JobStatus, ReviewStage, TranscriptStatus
from transcripts.models.recordings import NEVER, NOT_REVIEWABLE
from transcripts.services import summaries
from transcripts.services.live import lifecycle
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import environment
from transcripts.services.teams import members
from transcripts.services.transcript import rows
from transcripts.services.transcript.review import approval, assignments, status

if TYPE_CHECKING:
    from tests.factories import Cast

DUE = date(2026, 11, 30)


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, Erin, Vera and Charlie."""
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    """A draft of a recording."""
    return factories.make_transcript(factories.make_recording(cast.team, owner=cast.alice))


def summary(recording: Recording) -> dict[str, Any]:
    """Return the columns, which must be what is derived."""
    recording.refresh_from_db()
    derived = summaries.derived(recording.pk)
    assert {name: getattr(recording, name) for name in derived} == derived
    return derived


def test_a_new_recording_has_nothing_to_say(cast: Cast) -> None:
    shown = summary(factories.make_recording(cast.team))
    assert (shown["job_status"], shown["review"], shown["due_on"]) == ("", "", NEVER)
    assert shown["reviewed_percent"] == NOT_REVIEWABLE


def test_it_follows_a_job_from_its_start_to_its_end(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    job = jobs.begin(recording, actor=cast.erin, language="en", account=factories.make_account())
    assert summary(recording)["job_status"] == JobStatus.QUEUED
    jobs.mark_running(job.pk)
    assert summary(recording)["job_status"] == JobStatus.RUNNING
    jobs.fail(job.pk, code="no_sound", message="No audio.")
    assert summary(recording)["job_status"] == JobStatus.FAILED
    again = jobs.begin(recording, actor=cast.erin, language="en", account=factories.make_account())
    assert summary(recording)["latest_job_id"] == again.pk
    jobs.cancel(again, actor=cast.erin)
    assert summary(recording)["job_status"] == JobStatus.CANCELLED


def test_it_follows_a_review(cast: Cast, transcript: Transcript) -> None:
    recording = transcript.recording
    assert summary(recording)["review"] == ReviewStage.DRAFT
    assignments.assign(transcript, cast.erin.pk, due_on=DUE, actor=cast.alice)
    shown = summary(recording)
    assert (shown["review"], shown["reviewer_id"], shown["due_on"]) == (ReviewStage.DUE, cast.erin.pk, DUE)
    assignments.unassign(transcript, actor=cast.alice)
    assert summary(recording)["reviewer_id"] is None
    status.move(transcript, TranscriptStatus.IN_REVIEW, actor=cast.erin)
    assert summary(recording)["review"] == ReviewStage.DUE
    assignments.assign(transcript, cast.erin.pk, due_on=DUE, actor=cast.alice)
    approval.approve(transcript, actor=cast.alice, seq=1, known_doubts=9)
    shown = summary(recording)
    assert (shown["review"], shown["due_on"], shown["reviewed_percent"]) == (ReviewStage.APPROVED, NEVER, 100)
    rename(transcript.speakers.all()[0], "Ana", actor=cast.alice)
    assert summary(recording)["review"] == ReviewStage.DUE


def test_it_follows_a_reviewer_who_leaves_the_team(cast: Cast, transcript: Transcript) -> None:
    assignments.assign(transcript, cast.erin.pk, due_on=DUE, actor=cast.alice)
    members.remove(cast.team, cast.erin.pk, actor=cast.alice)
    assert summary(transcript.recording)["reviewer_id"] is None


def test_it_follows_words_that_are_counted(transcript: Transcript) -> None:
    rows.recount(transcript.pk, rows.Counts(0, 3, 0))
    assert summary(transcript.recording)["reviewed_percent"] == 300 // transcript.word_count


def test_an_older_transcript_changes_nothing(cast: Cast, transcript: Transcript) -> None:
    newer = factories.make_transcript(transcript.recording)
    rows.recount(transcript.pk, rows.Counts(0, 3, 0))
    shown = summary(transcript.recording)
    assert (shown["latest_transcript_id"], shown["reviewed_percent"]) == (newer.pk, 0)


def test_it_follows_a_live_session(cast: Cast) -> None:
    environment.from_environment()
    session = lifecycle.start(owner=cast.erin, team=cast.team, title="Meeting")
    assert summary(session.recording)["latest_transcript_id"] == session.transcript_id


def test_it_follows_a_sealed_session(cast: Cast) -> None:
    made = make_session(cast.team, cast.alice, SpokenSegment("Hold the page", 0, 900, "S0"))
    summaries.refresh(made.recording_id)
    summary(made.recording)


def test_words_are_doubtful_until_their_segment_is_reviewed(transcript: Transcript) -> None:
    segment = Segment.objects.get(transcript=transcript, text="Thank you, chair.")
    assert rows.counts(segment) == rows.Counts(3, 0, 1)
    segment.is_reviewed = True
    assert rows.counts(segment) == rows.Counts(3, 3, 0)
    segment.is_removed = True
    assert rows.counts(segment) == rows.Counts()


def test_a_wrong_number_of_doubtful_words_refuses_no_edit(transcript: Transcript) -> None:
    rows.recount(transcript.pk, rows.Counts(0, 0, -99))
    transcript.refresh_from_db()
    assert transcript.doubtful_words == 0


def test_nothing_is_written_if_nothing_changed(transcript: Transcript, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):  # the lock, the jobs, the transcripts
        summaries.refresh(transcript.recording_id)
