"""The whole other text becomes the transcript, once, and no correction is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pipeline.comparisons.conftest import MINE, THEIRS
from tests.pipeline.crashes import Killed, die
from tests.support.retranscription import correct
from transcripts.models import Activity, Comparison, Conflict, ProcessingJob, Recording, Transcript
from transcripts.services import summaries
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs
from transcripts.services.pipeline.comparisons import adoption
from transcripts.services.pipeline.retranscription import retranscribe
from transcripts.services.transcript.successors import newer_than

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline


def text_of(transcript: Transcript) -> str:
    return " ".join(transcript.segments.order_by("position").values_list("text", flat=True))


def test_the_other_text_becomes_the_transcript_and_the_former_stays(
    pipeline: Pipeline, transcript: Transcript, kept: Comparison
) -> None:
    made = adoption.use(kept, transcript, actor=pipeline.person)
    assert (text_of(made), text_of(transcript)) == (THEIRS, MINE)
    assert (made.provider, made.status, made.job) == ("Court", "draft", kept.job)
    assert newer_than(transcript) == made
    recording = Recording.objects.get(pk=transcript.recording_id)
    assert (recording.latest_transcript, recording.latest_job) == (made, kept.job)
    assert ProcessingJob.objects.get(pk=kept.job_id).base_transcript == transcript


def test_what_people_wrote_is_merged_into_it(pipeline: Pipeline, transcript: Transcript, kept: Comparison) -> None:
    correct(transcript.segments.get(), "the dyke was never build", pipeline.person)
    made = adoption.use(kept, transcript, actor=pipeline.person)
    assert text_of(made) == "the dyke was built for this"
    assert made.status == "in_review"
    conflict = Conflict.objects.get(segment__transcript=made)
    assert (conflict.kept, conflict.offered) == ("dyke", "dam")


def test_a_second_press_makes_no_second_transcript(
    pipeline: Pipeline, transcript: Transcript, kept: Comparison
) -> None:
    made = adoption.use(kept, transcript, actor=pipeline.person)
    assert adoption.use(kept, transcript, actor=pipeline.person) == made
    assert Transcript.objects.count() == 2
    assert Activity.objects.filter(verb="comparison:used").count() == 1


def test_it_is_refused_beside_a_newer_transcript_and_while_one_is_made(
    pipeline: Pipeline, transcript: Transcript, kept: Comparison
) -> None:
    job = retranscribe(transcript, actor=pipeline.person)
    with pytest.raises(Refused) as refused:
        adoption.use(kept, transcript, actor=pipeline.person)
    assert refused.value.code == "job_running"
    jobs.cancel(job, actor=pipeline.person)
    retranscribe(transcript, actor=pipeline.person)
    pipeline.until_idle()
    with pytest.raises(Refused) as refused:
        adoption.use(kept, transcript, actor=pipeline.person)
    assert refused.value.code == "not_newest"


def test_a_death_in_between_has_done_nothing(
    pipeline: Pipeline, transcript: Transcript, kept: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(summaries, "refresh", die)
        with pytest.raises(Killed):
            adoption.use(kept, transcript, actor=pipeline.person)
    assert Transcript.objects.count() == 1
    assert ProcessingJob.objects.get(pk=kept.job_id).compares == transcript
    assert text_of(adoption.use(kept, transcript, actor=pipeline.person)) == THEIRS
