"""Another provider's text of a recording is kept beside its transcript, which is as it was whatever becomes of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pipeline.comparisons.conftest import THEIRS, begin
from tests.pipeline.crashes import Killed, die, let_lease_run_out
from transcripts.models import (
    Activity,
    Charge,
    Chunk,
    Comparison,
    ImportedFile,
    Notification,
    ProviderAccount,
    Recording,
    Step,
    Transcript,
)
from transcripts.selectors import library
from transcripts.selectors.comparisons.beside import beside
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs, steps
from transcripts.services.pipeline.comparisons import requests, texts
from transcripts.services.pipeline.slices import rows
from transcripts.services.recordings import trash
from transcripts.services.teams import routing as team_routing
from transcripts.services.transcript.imports import files

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess


def status_of(transcript: Transcript, pipeline: Pipeline) -> str:
    return library.row(pipeline.person, transcript.recording_id).status.words


def test_the_other_text_is_kept_beside_and_is_no_transcript(transcript: Transcript, kept: Comparison) -> None:
    assert [one.text for one in texts.spoken(kept)] == [THEIRS]
    assert (kept.transcript, kept.provider, kept.word_count, kept.language) == (transcript, "Court", 6, "en")
    assert list(Transcript.objects.all()) == [transcript]
    assert [word.start_ms for word in texts.spoken(kept)[0].words][:2] == [0, 400]


def test_the_library_says_of_the_recording_what_it_said_before(
    pipeline: Pipeline, speech: SpeechProcess, court: ProviderAccount, transcript: Transcript
) -> None:
    before, notified = status_of(transcript, pipeline), Notification.objects.count()
    begin(transcript, court, pipeline)
    assert status_of(transcript, pipeline) == before
    pipeline.until_idle()
    assert status_of(transcript, pipeline) == before
    speech.rescript({"failure": {"code": "broken", "message": "The decoder broke."}})
    ProviderAccount.objects.filter(pk=court.pk).update(model="other")
    begin(transcript, court, pipeline)
    pipeline.until_idle()
    assert status_of(transcript, pipeline) == before
    recording = Recording.objects.get(pk=transcript.recording_id)
    assert (recording.latest_job, recording.job_status) == (transcript.job, "succeeded")
    assert Notification.objects.count() == notified


def test_a_failure_is_said_on_the_page_of_the_transcript(
    pipeline: Pipeline, speech: SpeechProcess, court: ProviderAccount, transcript: Transcript
) -> None:
    speech.rescript({"failure": {"code": "broken", "message": "The decoder broke."}})
    begin(transcript, court, pipeline)
    pipeline.until_idle()
    assert "The decoder broke" in beside(pipeline.person, transcript.pk).failure
    assert not Comparison.objects.exists()


def test_it_is_charged_as_any_job_and_the_answer_there_is_is_used_again(
    pipeline: Pipeline, speech: SpeechProcess, court: ProviderAccount, transcript: Transcript, kept: Comparison
) -> None:
    charged = Charge.objects.count()
    assert Charge.objects.filter(account=court).count() == 1
    begin(transcript, court, pipeline)
    pipeline.until_idle()
    assert Comparison.objects.count() == 2
    assert Charge.objects.count() == charged
    assert Chunk.objects.filter(is_reused=True).count() == 1


def test_while_one_is_made_nothing_else_of_the_recording_is(
    pipeline: Pipeline, court: ProviderAccount, transcript: Transcript
) -> None:
    begin(transcript, court, pipeline)
    with pytest.raises(Refused) as refused:
        begin(transcript, court, pipeline)
    assert refused.value.code == "job_running"
    now = beside(pipeline.person, transcript.pk)
    assert now.status is not None
    assert (now.provider, now.candidates) == ("Court", [])


def test_it_can_be_cancelled_and_nothing_else_is(
    pipeline: Pipeline, court: ProviderAccount, transcript: Transcript
) -> None:
    job = begin(transcript, court, pipeline)
    requests.cancel(transcript, actor=pipeline.person)
    pipeline.until_idle()
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert not Comparison.objects.exists()
    assert beside(pipeline.person, transcript.pk).candidates


def test_the_account_that_made_the_transcript_is_neither_offered_nor_taken(
    pipeline: Pipeline, court: ProviderAccount, transcript: Transcript
) -> None:
    offered = beside(pipeline.person, transcript.pk).candidates
    assert [one.account for one in offered] == [court]
    with pytest.raises(Refused) as refused:
        begin(transcript, pipeline.account, pipeline)
    assert refused.value.code == "same_account"


def test_a_team_that_keeps_its_audio_sends_none_outside(
    pipeline: Pipeline, court: ProviderAccount, transcript: Transcript
) -> None:
    ProviderAccount.objects.filter(pk=court.pk).update(place="outside")
    team_routing.keep_audio(transcript.recording.team, keeps=True, actor=pipeline.person)
    assert not beside(pipeline.person, transcript.pk).candidates
    with pytest.raises(Refused) as refused:
        begin(transcript, court, pipeline)
    assert refused.value.code == "audio_stays"


def test_an_imported_file_waits_for_a_job_that_writes_a_transcript(
    pipeline: Pipeline, court: ProviderAccount, transcript: Transcript
) -> None:
    srt = b"1\n00:00:00,000 --> 00:00:01,000\nHello.\n"
    files.store("talk.srt", srt, actor=pipeline.person, recording=transcript.recording)
    begin(transcript, court, pipeline)
    pipeline.until_idle()
    assert ImportedFile.objects.get().transcript is None
    assert Comparison.objects.count() == 1


def test_part_of_an_answer_is_not_worth_comparing(
    pipeline: Pipeline, court: ProviderAccount, transcript: Transcript
) -> None:
    job = begin(transcript, court, pipeline)
    Chunk.objects.filter(job=job).update(status="answered")
    assert not rows.is_worth_reading(job.pk)


def test_trying_a_recording_again_does_not_continue_a_comparison(
    pipeline: Pipeline, court: ProviderAccount, transcript: Transcript
) -> None:
    begin(transcript, court, pipeline)
    requests.cancel(transcript, actor=pipeline.person)
    with pytest.raises(Refused) as refused:
        jobs.retry(transcript.recording, actor=pipeline.person)
    assert refused.value.code == "nothing_missing"


def test_it_goes_to_the_trash_and_away_with_its_recording(pipeline: Pipeline, kept: Comparison) -> None:
    recording = kept.job.recording
    trash.delete(recording, actor=pipeline.person)
    trash.purge(recording)
    assert not Comparison.objects.exists()


@pytest.mark.parametrize(("module", "line"), [(texts, "keep"), (steps, "finish"), (jobs, "succeed")])
def test_a_worker_killed_while_it_keeps_the_text_is_followed_by_another(
    pipeline: Pipeline,
    court: ProviderAccount,
    transcript: Transcript,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    line: str,
) -> None:
    job = begin(transcript, court, pipeline)
    pipeline.until(lambda: Step.objects.filter(job=job, kind="check").exists())
    with monkeypatch.context() as patched:
        patched.setattr(module, line, die)
        with pytest.raises(Killed):
            pipeline.until_idle()
    assert not Comparison.objects.exists()
    for step in Step.objects.filter(status="running"):
        let_lease_run_out(step)
    pipeline.until_idle()
    assert Comparison.objects.get().job_id == job.pk
    verbs = Activity.objects.filter(recording=transcript.recording).values_list("verb", flat=True)
    assert list(verbs).count("comparison:made") == list(verbs).count("comparison:started") == 1
