"""Recordings above a provider's limits on their whole way: each slice sent, answered, retried and paid for alone."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tests.pipeline.crashes import Killed, die, let_lease_run_out
from tests.support.audio import ffmpeg, write_tone
from tests.support.edits import set_text
from transcripts.media import slices
from transcripts.models import Chunk, ProviderAccount, ProviderCall, Step, Transcript
from transcripts.providers.speechstream.files import SpeechStream
from transcripts.services import notices, storage
from transcripts.services.errors import Refused
from transcripts.services.pipeline import assembly, jobs, submission
from transcripts.services.pipeline.slices import missing, sending
from transcripts.services.provider_accounts import health

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess
    from transcripts.models import Recording

WORDS = "and so my fellow americans"
TONE_S, SILENCE_S = 11, 1
# Where the silences between three tones of noise are: a slice of 16 s ends in the middle of each
MIDDLES_MS = [11_500, 23_500]
MOST_BYTES = 16_500 * slices.BYTES_A_SECOND // 1000 + slices.HEAD_BYTES


@pytest.fixture(scope="module")
def long_recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three stretches of noise, which can't be compressed, with silences between."""
    folder = tmp_path_factory.mktemp("long")
    write_tone(folder / "silence.wav", seconds=SILENCE_S, loudness=0)
    ffmpeg("-f", "lavfi", "-i", f"anoisesrc=d={TONE_S}:r=16000:a=0.9:seed=1", "-ac", "1", folder / "noise.wav")
    names = ["noise", "silence", "noise", "silence", "noise"]
    inputs = [part for name in names for part in ("-i", folder / f"{name}.wav")]
    ffmpeg(*inputs, "-filter_complex", "concat=n=5:v=0:a=1", folder / "long.wav")
    return folder / "long.wav"


@pytest.fixture
def limited(pipeline: Pipeline) -> Pipeline:
    """A pipeline whose provider takes a recording of at most half a megabyte."""
    ProviderAccount.objects.update(max_bytes=MOST_BYTES)
    return pipeline


def workspaces() -> set[Path]:
    """The folders of work in progress; tests that kill leave some."""
    return set(storage.path_of(storage.WORKSPACES).glob("*"))


def text_of(recording: Recording) -> str:
    transcript = Transcript.objects.get(recording=recording)
    return " ".join(segment.text for segment in transcript.segments.order_by("position"))


def test_each_slice_is_sent_and_their_words_are_one_transcript(
    limited: Pipeline, speech: SpeechProcess, long_recording: Path
) -> None:
    before = workspaces()
    recording = limited.bring(long_recording)
    limited.until_idle()
    job = limited.job(recording)
    assert (job.status, job.error_message) == ("succeeded", "")
    edges = [0, *MIDDLES_MS, 35_000]
    chunks = list(Chunk.objects.order_by("index"))
    assert [(one.start_ms, one.end_ms, one.overlap_ms) for one in chunks] == [
        (begin, end, 0) for begin, end in itertools.pairwise(edges)
    ]
    assert text_of(recording) == " ".join([WORDS] * 3)
    starts = Transcript.objects.get().segments.order_by("position").values_list("start_ms", flat=True)
    assert list(starts) == [begin + 100 for begin in edges[:-1]]
    assert len(speech.billed()) == 3
    calls = ProviderCall.objects.filter(endpoint="upload")
    assert sum(call.audio_ms for call in calls) == 35_000
    assert all(call.bytes_sent <= MOST_BYTES for call in calls)
    assert workspaces() == before


def test_a_recording_within_the_limits_is_sent_as_it_is(pipeline: Pipeline, long_recording: Path) -> None:
    recording = pipeline.bring(long_recording)
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert Chunk.objects.count() == 1
    assert not Step.objects.exclude(chunk=None).exists()


def lacking(limited: Pipeline, speech: SpeechProcess, source: Path) -> Recording:
    """A recording whose second slice the provider refused."""
    speech.rescript({"faults": [{"on": "upload", "nth": 2, "do": "answer", "code": 400}]})
    recording = limited.bring(source)
    limited.until_idle()
    recording.refresh_from_db()
    return recording


def test_without_a_slice_the_rest_is_a_transcript_that_says_what_it_lacks(
    limited: Pipeline, speech: SpeechProcess, long_recording: Path
) -> None:
    recording = lacking(limited, speech, long_recording)
    assert limited.job(recording).status == "succeeded"
    assert text_of(recording) == " ".join([WORDS] * 2)
    why = Chunk.objects.exclude(error_code="").get().error_message
    assert why
    assert [(gap.from_ms, gap.until_ms, gap.why) for gap in missing.of(recording)] == [(*MIDDLES_MS, why)]
    assert notices.messages(recording) == [f"0:11–0:23 couldn’t be transcribed. {why}"]


def test_what_is_missing_is_sent_alone_and_joined_with_what_people_wrote(
    limited: Pipeline, speech: SpeechProcess, long_recording: Path
) -> None:
    recording = lacking(limited, speech, long_recording)
    first = recording.transcripts.get().segments.order_by("position")[0]
    set_text(first, "And so, my dear fellows", actor=limited.person)
    speech.rescript({})
    jobs.retry(recording, actor=limited.person)
    limited.until_idle()
    assert limited.job(recording).status == "succeeded"
    newest = recording.transcripts.order_by("-created_at")[0]
    assert newest.job == limited.job(recording)
    texts = [segment.text for segment in newest.segments.order_by("position")]
    assert texts == ["And so, my dear fellows", WORDS, WORDS]
    assert len(speech.billed()) == 1
    recording.refresh_from_db()
    assert missing.of(recording) == []


def test_a_part_that_fails_again_leaves_the_transcript_as_it_is(
    limited: Pipeline, speech: SpeechProcess, long_recording: Path
) -> None:
    recording = lacking(limited, speech, long_recording)
    speech.rescript({"faults": [{"on": "upload", "nth": 1, "do": "answer", "code": 400}]})
    jobs.retry(recording, actor=limited.person)
    limited.until_idle()
    assert limited.job(recording).status == "failed"
    assert recording.transcripts.count() == 1
    speech.rescript({})
    jobs.retry(recording, actor=limited.person)
    limited.until_idle()
    assert recording.transcripts.count() == 2
    assert len(speech.billed()) == 1


def test_a_transcript_that_lacks_nothing_is_not_tried_again(limited: Pipeline, long_recording: Path) -> None:
    recording = limited.bring(long_recording)
    limited.until_idle()
    with pytest.raises(Refused, match="transcribed completely"):
        jobs.retry(recording, actor=limited.person)
    assert recording.transcripts.count() == 1


def test_a_slice_that_the_provider_could_not_transcribe_is_sent_again(
    limited: Pipeline, speech: SpeechProcess, long_recording: Path
) -> None:
    speech.rescript({"failure": {"code": "broken", "message": "It broke"}})
    recording = limited.bring(long_recording)
    limited.until_idle()
    assert limited.job(recording).error_code == "provider_failed"
    speech.rescript({})
    jobs.retry(recording, actor=limited.person)
    limited.until_idle()
    assert limited.job(recording).status == "succeeded"
    assert len(speech.billed()) == 3


@pytest.mark.parametrize(
    ("module", "line"),
    [
        (slices, "levels"),
        (sending, "_lay_out"),
        (slices, "cut"),
        (submission, "_intend"),
        (SpeechStream, "submit"),
        (submission, "_keep_answer"),
        (assembly, "_keep"),
    ],
)
def test_a_worker_killed_at_a_line_costs_nothing_but_time(
    limited: Pipeline, monkeypatch: pytest.MonkeyPatch, long_recording: Path, module: object, line: str
) -> None:
    recording = limited.bring(long_recording)
    with monkeypatch.context() as patched:
        patched.setattr(module, line, die)
        for _ in range(20):
            try:
                limited.step_once()
            except Killed:
                let_lease_run_out(Step.objects.get(status="running"))
                break
        else:
            pytest.fail("The line was never reached.")
    limited.until_idle()
    assert limited.job(recording).status == "succeeded"
    assert text_of(recording) == " ".join([WORDS] * 3)


def test_a_long_recording_again_is_sent_to_no_one(
    limited: Pipeline, speech: SpeechProcess, long_recording: Path
) -> None:
    health.check_health(limited.account)
    first = limited.bring(long_recording)
    limited.until_idle()
    again = limited.bring(long_recording)
    limited.until_idle()
    assert len(speech.billed()) == 3
    chunks = Chunk.objects.filter(job__recording=again)
    assert list(chunks.values_list("is_reused", flat=True)) == [True] * 3
    assert text_of(again) == text_of(first)


def test_of_a_long_recording_again_only_what_failed_before_is_sent(
    limited: Pipeline, speech: SpeechProcess, long_recording: Path
) -> None:
    health.check_health(limited.account)
    lacking(limited, speech, long_recording)
    speech.rescript({})
    again = limited.bring(long_recording)
    limited.until_idle()
    assert len(speech.billed()) == 1
    reused = Chunk.objects.filter(job__recording=again).order_by("index").values_list("is_reused", flat=True)
    assert list(reused) == [True, False, True]
