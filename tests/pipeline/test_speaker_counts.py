"""How many people speak: asked for, sent to providers that take a number, and told apart as an estimate or exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.edits import rename
from tests.support.retranscription import answer, correct, said
from transcripts.models import ProcessingJob, ProviderAccount, Transcript
from transcripts.providers.capabilities import Wishes
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs, retranscription
from transcripts.services.provider_accounts import wishes

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

TWO = answer(said("Good morning.", 0, "1"), said("Thank you.", 400, "2"))


def exact(script: dict[str, Any]) -> dict[str, Any]:
    return {"answer": {**script["answer"], "speakers_estimated": False}}


@pytest.mark.parametrize(("counted", "sent"), [(None, None), (1, "1"), (3, "3")])
def test_the_number_is_sent_and_kept_with_the_job(
    pipeline: Pipeline, speech: SpeechProcess, counted: int | None, sent: str | None
) -> None:
    recording = pipeline.bring(speakers=counted)
    pipeline.until_idle()
    assert pipeline.job(recording).speakers == counted
    assert [upload["options"].get("speakers") for upload in speech.ledger("upload")] == [sent]


def test_a_provider_that_takes_no_number_is_sent_none(pipeline: Pipeline, settings: Settings) -> None:
    settings.STT_API_KEYS = {"STT_API_KEY_COURT": "key"}
    fields = {"endpoint": "http://127.0.0.1:9", "key_variable": "STT_API_KEY_COURT", "for_files": True}
    ProviderAccount.objects.create(name="Court", kind="pulse", **fields)
    recording = pipeline.bring(speakers=3)
    # What a provider was not told is not claimed on any page either
    assert pipeline.job(recording).speakers is None


def test_another_attempt_asks_for_the_same_number(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"failure": {"code": "broken", "message": "The recogniser broke."}})
    recording = pipeline.bring(speakers=3)
    pipeline.until_idle()
    speech.rescript({})
    jobs.retry(recording, actor=pipeline.person)
    pipeline.until_idle()
    assert speech.ledger("upload")[-1]["options"]["speakers"] == "3"


@pytest.mark.parametrize("text", ["0", "21", "-1", "two", "1.5", "²", "9" * 400, "0003", "0001" + "0" * 5000])
def test_what_is_no_number_of_speakers_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="1 to 20"):
        wishes.speakers_from(text)


@pytest.mark.parametrize(
    ("script", "is_estimate"), [(TWO, True), (exact(TWO), False), (answer(said("Good morning.", 0)), False)]
)
def test_speakers_are_an_estimate_unless_the_provider_knows_them_otherwise(
    pipeline: Pipeline, speech: SpeechProcess, script: dict[str, Any], is_estimate: bool
) -> None:
    speech.rescript(script)
    pipeline.bring()
    pipeline.until_idle()
    assert Transcript.objects.get().has_estimated_speakers == is_estimate


def test_corrections_are_kept_when_speakers_are_separated_again(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript(answer(said("The damn holds.", 0, "1"), said("Thank you.", 2_000, "1")))
    recording = pipeline.bring()
    pipeline.until_idle()
    before = Transcript.objects.get()
    correct(before.segments.all()[0], "The dam holds.", pipeline.person)
    rename(before.speakers.get(), "Ana", actor=pipeline.person)
    speech.rescript(answer(said("The damn holds.", 0, "1"), said("Thank you, Ana.", 2_000, "2")))
    retranscription.retranscribe(before, actor=pipeline.person, wishes=Wishes(2))
    pipeline.until_idle()
    after = Transcript.objects.exclude(pk=before.pk).get()
    texts = list(after.segments.values_list("text", "speaker__label"))
    assert texts == [("The dam holds.", "Ana"), ("Thank you, Ana.", "Speaker 2")]
    assert pipeline.job(recording).speakers == 2
    assert (after.status, before.segments.all()[0].text) == ("in_review", "The dam holds.")


def test_separating_what_nobody_corrected_leaves_a_draft(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript(TWO)
    pipeline.bring()
    pipeline.until_idle()
    before = Transcript.objects.get()
    retranscription.retranscribe(before, actor=pipeline.person, wishes=Wishes(2))
    pipeline.until_idle()
    assert Transcript.objects.exclude(pk=before.pk).get().status == "draft"
    with pytest.raises(Refused, match="newer"):
        retranscription.retranscribe(before, actor=pipeline.person, wishes=Wishes(3))


def test_separating_again_is_in_the_language_that_a_person_confirmed(pipeline: Pipeline, speech: SpeechProcess) -> None:
    pipeline.bring()
    pipeline.until_idle()
    Transcript.objects.update(language="de", language_source="chosen")
    job = retranscription.retranscribe(Transcript.objects.get(), actor=pipeline.person, wishes=Wishes(2))
    assert ProcessingJob.objects.get(pk=job.pk).language == "de"
