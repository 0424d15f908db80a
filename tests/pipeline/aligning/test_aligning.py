"""An answer without times: an engine inside tells when its words are spoken; without it they are estimated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.pipeline.aligning.conftest import TEXT
from tests.pipeline.aligning.words import TIMES, timings, until_asked, until_sent, words
from transcripts.models import Alignment, ProviderAccount, Step, Transcript
from transcripts.services.pipeline import fair_queue, jobs
from transcripts.services.pipeline.aligning import asking
from transcripts.services.provider_accounts import pausing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

    Aligns = Callable[..., None]


def test_words_are_where_the_engine_found_them_and_one_it_missed_is_estimated(
    pipeline: Pipeline, speech: SpeechProcess, aligns: Aligns
) -> None:
    aligns(times=TIMES)
    recording = pipeline.bring()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert words() == [
        ("Good", 100, 200, "aligned"),
        ("morning", 200, 400, "aligned"),
        ("everyone.", 400, 600, "estimated"),
        ("Thank", 600, 700, "aligned"),
        ("you.", 700, 900, "aligned"),
    ]
    sent = [entry["options"] for entry in speech.ledger() if entry["on"] == "upload"]
    assert [list(options) for options in sent] == [[], ["language", "words"]]
    assert sent[1]["language"] == "en"
    assert set(Step.objects.values_list("status", flat=True)) == {"done"}
    alignment = Alignment.objects.get()
    assert (alignment.words, alignment.word_count, alignment.reason) == ([], 5, "")


def test_the_engine_is_asked_with_the_estimates(pipeline: Pipeline, aligns: Aligns) -> None:
    aligns(aligning_seconds=None)
    until_asked(pipeline)
    sent = Alignment.objects.get().words
    assert [word for word, _ in sent] == TEXT.split()
    assert [at for _, at in sent] == sorted(at for _, at in sent)


def test_measured_words_are_not_aligned(pipeline: Pipeline, speech: SpeechProcess, aligns: Aligns) -> None:
    aligns()
    speech.rescript({"aligns": True})
    pipeline.bring()
    pipeline.until_idle()
    assert timings() == {"measured"}
    assert not Alignment.objects.exists()
    assert not Step.objects.filter(kind="align").exists()


def test_without_an_engine_that_can_nothing_is_asked(pipeline: Pipeline, aligns: Aligns) -> None:
    aligns(aligns=False)
    pipeline.bring()
    pipeline.until_idle()
    assert timings() == {"estimated"}
    assert not Alignment.objects.exists()


@pytest.mark.parametrize(
    "account",
    [
        {"aligns": False},
        {"place": "outside"},
        {"languages": ["de"]},
        {"is_healthy": False},
        {"key_refused_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"paused_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
    ids=["can't align", "outside", "another language", "down", "refused key", "paused"],
)
def test_an_engine_is_asked_only_if_it_can_and_is_inside(
    pipeline: Pipeline, aligns: Aligns, account: dict[str, object]
) -> None:
    aligns()
    team_id = pipeline.person.personal_team.pk
    assert asking.aligner_for(team_id, "en-GB") == pipeline.account
    assert asking.aligner_for(team_id, "") is None
    ProviderAccount.objects.update(**account)
    assert asking.aligner_for(team_id, "en-GB") is None


def test_an_answer_in_no_known_language_is_not_aligned(pipeline: Pipeline, aligns: Aligns) -> None:
    aligns(answer={"transcription": TEXT})
    pipeline.bring()
    pipeline.until_idle()
    assert timings() == {"estimated"}
    assert not Alignment.objects.exists()


def test_a_long_recording_is_waited_for_longer() -> None:
    assert asking.longest(300_000) == timedelta(seconds=80)
    assert asking.longest(3_600_000) == timedelta(minutes=2)
    assert asking.longest(None) == timedelta(seconds=30)


def test_recordings_that_wait_to_be_transcribed_come_first(
    pipeline: Pipeline, speech: SpeechProcess, aligns: Aligns, monkeypatch: pytest.MonkeyPatch
) -> None:
    aligns()
    until_asked(pipeline)
    with monkeypatch.context() as patched:
        patched.setattr(fair_queue, "due", lambda _: [1])
        for _ in range(3):
            pipeline.step_once()
        assert Alignment.objects.get().processing_id == ""
    pipeline.until_idle()
    assert timings() == {"aligned"}


def test_an_alignment_takes_a_slot_of_the_engine(pipeline: Pipeline, aligns: Aligns) -> None:
    aligns()
    ProviderAccount.objects.update(upload_limit=1)
    until_asked(pipeline)
    for _ in range(3):
        pipeline.step_once()
    assert Alignment.objects.get().processing_id == ""
    assert Step.objects.get(kind="align").status == "ready"


def test_an_engine_that_was_paused_since_is_not_asked(pipeline: Pipeline, aligns: Aligns) -> None:
    aligns()
    until_asked(pipeline)
    pausing.pause(pipeline.account)
    pipeline.until_idle()
    assert timings() == {"estimated"}


def test_a_job_that_is_cancelled_is_not_aligned(pipeline: Pipeline, aligns: Aligns) -> None:
    aligns(aligning_seconds=None)
    recording = until_sent(pipeline)
    jobs.cancel(pipeline.job(recording), actor=pipeline.person)
    pipeline.step_once()
    assert set(Step.objects.filter(kind__in=("align", "assemble")).values_list("status", flat=True)) == {"cancelled"}
    assert not Transcript.objects.exists()


@pytest.mark.parametrize(("times_real_time", "is_asked"), [(0.001, False), (20, True)])
def test_an_engine_that_was_too_slow_is_not_asked_again(
    pipeline: Pipeline, aligns: Aligns, times_real_time: float, *, is_asked: bool
) -> None:
    aligns(times=TIMES)
    first = pipeline.bring()
    pipeline.until_idle()
    first.refresh_from_db()
    ended_at = Alignment.objects.get().ended_at
    assert ended_at is not None
    took = timedelta(milliseconds=first.duration_ms or 0) / times_real_time
    Alignment.objects.update(sent_at=ended_at - took)
    second = pipeline.bring()
    pipeline.until_idle()
    assert pipeline.job(second).status == "succeeded"
    assert Alignment.objects.filter(job__recording=second).exists() == is_asked
