"""The same audio with the same options: its answer is used again, and the provider is sent nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import F

from tests.factories import make_team, make_user
from tests.pipeline.reuse.conftest import FAILURE, WORDS, text_of, transcribed
from tests.support.audio import ffmpeg
from transcripts import clock, jobs
from transcripts.models import (
    Activity,
    Charge,
    Chunk,
    MediaFile,
    ProviderAccount,
    ProviderCall,
    Recording,
    Step,
    TeamDefaults,
    Term,
    Transcript,
)
from transcripts.selectors.costs.usage import as_csv
from transcripts.selectors.teams.usage import by_person
from transcripts.services import vocabulary
from transcripts.services.operations import housekeeping
from transcripts.services.recordings import retention, trash
from transcripts.services.vocabulary import Wish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

pytestmark = pytest.mark.usefixtures("known_engine")


def test_the_same_file_again_has_the_same_words_and_is_sent_to_no_one(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    speech.rescript({"answer": WORDS})
    first = transcribed(pipeline)
    speech.rescript({"answer": "something else"})
    again = transcribed(pipeline)
    assert text_of(again) == text_of(first)
    assert speech.billed() == []
    assert ProviderCall.objects.filter(endpoint="upload").count() == Charge.objects.count() == 1
    [used] = by_person(pipeline.person.personal_team).values()
    assert used.files_ms == 1000
    assert as_csv(pipeline.person.personal_team).splitlines()[1].endswith(",1")
    chunk, source = Chunk.objects.get(job__recording=again), Chunk.objects.get(job__recording=first)
    assert (chunk.is_reused, chunk.reused_from, chunk.answer) == (True, source, source.answer)
    assert (chunk.sent_at, chunk.processing_id) == (None, "")
    verbs = Activity.objects.filter(recording=again).order_by("pk").values_list("verb", flat=True)
    assert [verb for verb in verbs if verb.startswith("recording:")][-2:] == ["recording:prepared", "recording:reused"]


def test_what_was_decoded_decides_and_neither_tags_nor_container(
    pipeline: Pipeline, speech: SpeechProcess, tmp_path: Path
) -> None:
    transcribed(pipeline)
    ffmpeg("-i", pipeline.tone, "-metadata", "title=Another title", tmp_path / "tagged.wav")
    ffmpeg("-i", pipeline.tone, tmp_path / "packed.flac")
    for name in ("tagged.wav", "packed.flac"):
        assert (tmp_path / name).read_bytes() != pipeline.tone.read_bytes()
        transcribed(pipeline, tmp_path / name)
    assert len(speech.billed()) == 1
    assert len(set(MediaFile.objects.filter(kind="audio").values_list("sha256", flat=True))) == 1


def test_audio_that_differs_in_one_sample_is_sent(pipeline: Pipeline, speech: SpeechProcess) -> None:
    for _ in range(2):
        pipeline.bring()
        pipeline.until_idle()
    assert len(speech.billed()) == 2


@pytest.mark.parametrize("options", [{"language": "en"}, {"speakers": 2}])
def test_other_options_are_sent(pipeline: Pipeline, speech: SpeechProcess, options: dict[str, Any]) -> None:
    transcribed(pipeline)
    transcribed(pipeline, **options)
    assert len(speech.billed()) == 2
    transcribed(pipeline, **options)
    assert len(speech.billed()) == 2


def test_one_more_term_in_the_vocabulary_is_sent_and_so_is_a_heavier_one(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    team = pipeline.person.personal_team
    transcribed(pipeline)
    vocabulary.add(team, Wish("Okonkwo"), actor=pipeline.person)
    transcribed(pipeline)
    assert len(speech.billed()) == 2
    transcribed(pipeline)
    assert len(speech.billed()) == 2
    Term.objects.update(weight=3)
    transcribed(pipeline)
    assert len(speech.billed()) == 3


@pytest.mark.parametrize("change", [{"model": "large"}, {"engine": "another"}])
def test_another_model_is_asked_itself(pipeline: Pipeline, speech: SpeechProcess, change: dict[str, str]) -> None:
    transcribed(pipeline)
    ProviderAccount.objects.update(**change)
    recording = pipeline.bring(pipeline.tone)
    jobs.run_step(Step.objects.get(job__recording=recording).pk)
    jobs.submit_round(pipeline.account.pk)
    assert len(speech.billed()) == 2


def test_another_team_has_none_of_it(pipeline: Pipeline, speech: SpeechProcess) -> None:
    transcribed(pipeline)
    stranger = make_user("Charlie Cole")
    recording = transcribed(pipeline, owner=stranger)
    assert len(speech.billed()) == 2
    assert not Chunk.objects.get(job__recording=recording).is_reused


def test_a_recording_that_moved_takes_its_answer_along(pipeline: Pipeline, speech: SpeechProcess) -> None:
    moved = transcribed(pipeline)
    Recording.objects.filter(pk=moved.pk).update(team=make_team("Elsewhere", owner=pipeline.person))
    transcribed(pipeline)
    assert len(speech.billed()) == 2


def test_a_deleted_recording_takes_its_answer_along(pipeline: Pipeline, speech: SpeechProcess) -> None:
    first = transcribed(pipeline)
    trash.delete(first, actor=pipeline.person)
    trash.purge(first)
    again = transcribed(pipeline)
    assert len(speech.billed()) == 2
    assert not Chunk.objects.get(job__recording=again).is_reused


def test_what_a_team_keeps_no_longer_takes_its_answer_along(pipeline: Pipeline, speech: SpeechProcess) -> None:
    first, now = transcribed(pipeline), clock.now()
    chosen = {"retention_days": 30, "retention_since": now - timedelta(days=30)}
    TeamDefaults.objects.update_or_create(team=first.team, defaults=chosen)
    Recording.objects.update(created_at=now - timedelta(days=31))
    retention.run()
    Recording.objects.update(deleted_at=F("deleted_at") - trash.KEPT - timedelta(days=1))
    housekeeping.empty_trash()
    assert not Chunk.objects.exists()
    transcribed(pipeline)
    assert len(speech.billed()) == 2


def test_a_transcript_outlives_the_recording_whose_answer_it_has(pipeline: Pipeline) -> None:
    first, again = transcribed(pipeline), transcribed(pipeline)
    trash.delete(first, actor=pipeline.person)
    trash.purge(first)
    chunk = Chunk.objects.get(job__recording=again)
    assert (chunk.is_reused, chunk.reused_from) == (True, None)
    assert Transcript.objects.filter(recording=again).exists()


@pytest.mark.parametrize("script", [{"failure": FAILURE}, {"answer": {"segments": 5}}])
def test_an_answer_that_failed_or_can_not_be_read_is_no_answer(
    pipeline: Pipeline, speech: SpeechProcess, script: dict[str, Any]
) -> None:
    speech.rescript(script)
    failed = pipeline.bring(pipeline.tone)
    pipeline.until_idle()
    assert pipeline.job(failed).status == "failed"
    speech.rescript({"answer": WORDS})
    transcribed(pipeline)
    assert len(speech.billed()) == 1
