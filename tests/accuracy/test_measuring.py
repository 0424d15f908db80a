"""The ledger counts what jiwer counts on the exported texts, once an approval, whatever kills the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jiwer
import pytest

from tests import factories
from tests.certificates.test_issuing import approve
from tests.support.edits import apply
from tests.transcript.pages import say
from transcripts import queue
from transcripts.models import CorrectedWord, ImportedFile, Measurement, Segment, SpeakerMeasurement, Transcript
from transcripts.models.choices import TranscriptStatus
from transcripts.services.accuracy import counting, measuring
from transcripts.services.transcript import exports
from transcripts.services.transcript.review import status

if TYPE_CHECKING:
    import redis

    from tests.factories import Cast

pytestmark = pytest.mark.django_db
PLAIN = {"times": "0", "speakers": "0"}
LINES = [
    ("Anna", "Hold the paige for the front story, please."),
    ("Ben", "Thursday works well. I think."),
    ("Anna", "So be it then"),
    ("Ben", "Um what"),
]


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    return factories.make_transcript(factories.make_recording(cast.team), LINES)


def exported(transcript: Transcript) -> str:
    """Return the exported text with its words as the ledger compares them, and nothing else of the ledger."""
    text = exports.export(transcript, "txt", PLAIN).content.decode()
    return " ".join(word.strip(",.?!").casefold() for word in text.split())


def correct(transcript: Transcript, cast: Cast) -> None:
    """Replace, add and leave out words, split, merge and remove segments."""
    apply(transcript, say("s0", LINES[0][1], "Hold the page for the big front story, please."), actor=cast.erin)
    apply(transcript, say("s1", LINES[1][1], "Thursday works. I think."), actor=cast.erin)
    said = "Hold the page for the big front story, please."
    apply(transcript, {"op": "split", "id": "s0", "was": said, "new": "n0", "at": 9}, actor=cast.erin)
    apply(transcript, {"op": "insert", "id": "n1", "text": "Good evening", "after": "s1"}, actor=cast.erin)
    apply(transcript, {"op": "merge", "id": "s2"}, actor=cast.erin)
    apply(transcript, {"op": "remove", "id": "s3", "was": LINES[3][1]}, actor=cast.erin)


def test_the_number_is_that_of_jiwer_on_the_exported_texts(transcript: Transcript, cast: Cast) -> None:
    machine = exported(transcript)
    correct(transcript, cast)
    approve(transcript, cast)
    measuring.run()
    found = jiwer.process_words(exported(transcript), machine)
    measured = Measurement.objects.get()
    assert found.substitutions >= 1 and found.deletions >= 1 and found.insertions >= 1
    assert (measured.substitutions, measured.deletions, measured.insertions) == (
        found.substitutions,
        found.deletions,
        found.insertions,
    )
    assert measured.words == len(exported(transcript).split())
    rate = (measured.substitutions + measured.deletions + measured.insertions) / measured.words
    assert rate == pytest.approx(found.wer)


def test_the_speakers_together_are_the_whole(transcript: Transcript, cast: Cast) -> None:
    correct(transcript, cast)
    approve(transcript, cast)
    measuring.run()
    measured = Measurement.objects.get()
    speakers = SpeakerMeasurement.objects.all()
    for name in ("words", "substitutions", "deletions", "insertions"):
        assert sum(getattr(one, name) for one in speakers) == getattr(measured, name)
    assert {one.label for one in speakers} >= {"Anna", "Ben"}
    assert list(CorrectedWord.objects.values_list("was", "became", "count")) == [("paige", "page", 1)]


def test_what_a_machine_said_survives_splits_and_removals(transcript: Transcript, cast: Cast) -> None:
    correct(transcript, cast)
    assert measuring.machine_text(transcript.pk) == [text for _, text in LINES]


def test_an_approval_wakes_a_worker_and_is_measured_once(
    transcript: Transcript, cast: Cast, redis_client: redis.Redis, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        approve(transcript, cast)
    assert any(job.startswith("accuracy_round-") for job in queue.waiting("default"))
    measuring.run()
    first = Measurement.objects.get()
    measuring.run()
    assert Measurement.objects.get() == first
    assert not measuring.to_measure().exists()


def test_one_that_is_approved_again_is_measured_again(transcript: Transcript, cast: Cast) -> None:
    approve(transcript, cast)
    measuring.run()
    assert Measurement.objects.get().substitutions == 0
    apply(transcript, say("s0", LINES[0][1], LINES[0][1].replace("paige", "page")), actor=cast.erin)
    measuring.run()
    assert Measurement.objects.get().substitutions == 0
    approve(transcript, cast)
    measuring.run()
    assert Measurement.objects.get().substitutions == 1
    assert CorrectedWord.objects.count() == 1


def test_one_that_is_reopened_meanwhile_is_not_written(
    transcript: Transcript, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(transcript, cast)
    compare = counting.compare

    def reopened(*texts: object) -> counting.Result:
        status.move(transcript, TranscriptStatus.IN_REVIEW, actor=cast.alice)
        return compare(*texts)  # type: ignore[arg-type]

    monkeypatch.setattr(counting, "compare", reopened)
    measuring.run()
    assert not Measurement.objects.exists()


def test_drafts_and_imported_transcripts_are_not_measured(transcript: Transcript, cast: Cast) -> None:
    measuring.run()
    assert not Measurement.objects.exists()
    ImportedFile.objects.create(
        recording=transcript.recording, transcript=transcript, filename="a.txt", content=b"", has_times=False
    )
    approve(transcript, cast)
    measuring.run()
    assert not Measurement.objects.exists()


def test_a_transcript_without_words_is_measured(cast: Cast) -> None:
    empty = factories.make_transcript(factories.make_recording(cast.team), [("Anna", "Uh huh")])
    apply(empty, {"op": "remove", "id": "s0", "was": "Uh huh"}, actor=cast.erin)
    assert not Segment.objects.filter(transcript=empty).exists()
    approve(empty, cast)
    measuring.run()
    measured = Measurement.objects.get()
    assert (measured.words, measured.insertions) == (0, 2)


@pytest.mark.parametrize(
    ("machine", "approved", "expected"),
    [
        ("one two three", "one two three", (3, 0, 0, 0)),
        ("one too three", "one two three", (3, 1, 0, 0)),
        ("one three", "one two three", (3, 0, 1, 0)),
        ("um one two three", "one two three", (3, 0, 0, 1)),
        ("", "one two", (2, 0, 2, 0)),
        ("one two", "", (0, 0, 0, 2)),
        ("", "", (0, 0, 0, 0)),
        ("ONE, two! three…", "One two three", (3, 0, 0, 0)),
        ("今日は雨", "今日は雪", (4, 1, 0, 0)),
    ],
)
def test_words_are_counted(machine: str, approved: str, expected: tuple[int, int, int, int]) -> None:
    whole = counting.compare([machine], [("Anna", approved)]).whole
    assert (whole.words, whole.substitutions, whole.deletions, whole.insertions) == expected


def test_an_added_word_is_of_the_speaker_before_it() -> None:
    result = counting.compare(["a b um", "c"], [("Anna", "a b"), ("Ben", "c")])
    assert result.of("Anna").insertions == 1
    assert result.of("Ben").insertions == 0
