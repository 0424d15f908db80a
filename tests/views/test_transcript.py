"""The transcript page and the recording page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories
from tests.views.conftest import client_of
from transcripts.document import placement
from transcripts.models import MediaFile, Segment
from transcripts.models.choices import JobStatus, MediaKind, Stage
from transcripts.selectors.recording import details_of
from transcripts.selectors.transcript import read

if TYPE_CHECKING:
    from typing import Any

    from pytest_django import DjangoAssertNumQueries

    from tests.factories import Cast


def test_each_segment_is_one_paragraph_with_its_speaker_and_time(cast: Cast) -> None:
    transcript = factories.make_transcript(factories.make_recording(cast.team))
    page = client_of(cast.vera).get(transcript.get_absolute_url()).content.decode()
    assert '<p dir="auto">Good morning everyone and welcome.</p>' in page
    assert "Speaker 1" in page
    assert 'data-seek="2000"' in page


@pytest.mark.parametrize(
    ("endpoint", "engine", "is_draft", "said"),
    [
        ("http://127.0.0.1:8100", "Whisper base", True, " on this machine, a small model. Check names and numbers."),
        ("http://127.0.0.1:8100", "Whisper small", False, " on this machine."),
        ("https://speech.example.org", "Whisper base", True, ", a small model. Check names and numbers."),
        ("https://speech.example.org", "Big", False, "."),
    ],
)
def test_the_page_says_what_transcribed_and_where(
    cast: Cast, endpoint: str, engine: str, is_draft: bool, said: str
) -> None:
    factories.make_account(endpoint=endpoint, engine=engine)
    transcript = factories.make_transcript(factories.make_recording(cast.team), engine=engine, is_draft_engine=is_draft)
    page = " ".join(client_of(cast.vera).get(transcript.get_absolute_url()).content.decode().split())
    assert f"Transcribed by <bdi>{engine}</bdi>{said} </p>" in page


def test_what_another_engine_transcribed_is_not_said_to_be_of_this_machine(cast: Cast) -> None:
    factories.make_account(endpoint="http://127.0.0.1:8100", engine="Whisper base")
    transcript = factories.make_transcript(factories.make_recording(cast.team), engine="Pulse")
    page = client_of(cast.vera).get(transcript.get_absolute_url()).content.decode()
    assert "on this machine" not in page


@pytest.mark.parametrize(
    ("has_video", "kinds", "element"),
    [
        (True, [MediaKind.ORIGINAL], "<video"),
        # The copy for browsers holds the audio alone.
        (True, [MediaKind.ORIGINAL, MediaKind.PLAYBACK], "<audio"),
        (False, [MediaKind.ORIGINAL], "<audio"),
    ],
)
def test_the_picture_is_shown_if_the_file_that_is_played_has_one(
    cast: Cast, has_video: bool, kinds: list[MediaKind], element: str
) -> None:
    recording = factories.make_recording(cast.team, has_video=has_video)
    for kind in kinds:
        MediaFile.objects.create(recording=recording, kind=kind, storage_name=f"{kind}/1", bytes=1)
    page = client_of(cast.vera).get(factories.make_transcript(recording).get_absolute_url()).content.decode()
    assert [one for one in ("<video", "<audio") if one in page] == [element]
    assert ("data-picture-place" in page) == (element == "<video")


def test_an_empty_transcript_says_so(cast: Cast) -> None:
    transcript = factories.make_transcript(factories.make_recording(cast.team), [])
    page = client_of(cast.vera).get(transcript.get_absolute_url()).content.decode()
    assert "No speech was found" in page


def test_the_queries_do_not_grow_with_the_segments(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    transcript = factories.make_transcript(factories.make_recording(cast.team), [("A", "one two"), ("B", "three")] * 50)
    with django_assert_num_queries(7):
        reading = read(cast.vera, transcript.pk)
        assert all(segment.speaker for segment in reading.segments)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (
            "Hello world.",
            [["Hello", 0, 400, 0.9, ""], ["world.", 400, 900, 0.1, ""]],
            [0, 5, 0, 400, 91 << 3, 6, 6, 400, 500, 11 << 3],
        ),
        # The second of two equal words is the second in the text
        ("no no", [["no", 0, 1, None, ""], ["no", 5, 6, None, ""]], [0, 2, 0, 1, 0, 3, 2, 5, 1, 0]),
        # Browsers count two for a letter outside the first plane
        ("😀 hi", [["hi", 0, 9, 1.0, ""]], [3, 2, 0, 9, 101 << 3]),
        # Words without times are text only; a word that is not there disturbs nothing
        ("a b c", [["a", None, None, 1.0, ""], ["x", 1, 2, 1.0, ""], ["c", 3, 4, 1.0, ""]], [4, 1, 3, 1, 101 << 3]),
        # Provider times may run backwards
        ("a", [["a", 10, 5, 1.0, ""]], [0, 1, 10, 0, 101 << 3]),
        # Only what a person accepted is certain
        ("a", [["a", 0, 5, 0.9999, "retained"]], [0, 1, 0, 5, 100 << 3 | 4]),
    ],
)
def test_words_are_found_where_they_stand(text: str, words: list[list[Any]], expected: list[int]) -> None:
    assert placement.placed(text, words) == expected


def states(cast: Cast, recording_id: Any) -> list[str]:
    return [stage.state for stage in details_of(cast.vera, recording_id).stages]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (Stage.PREPARING, ["done", "now", "ahead", "ahead", "ahead", "ahead"]),
        (Stage.WAITING, ["done", "done", "now", "ahead", "ahead", "ahead"]),
        (Stage.TRANSCRIBING, ["done", "done", "done", "now", "ahead", "ahead"]),
    ],
)
def test_the_stations_show_where_the_work_is(cast: Cast, stage: str, expected: list[str]) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_job(recording, stage=stage)
    assert states(cast, recording.pk) == expected


def test_the_stations_show_where_the_work_stopped(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_job(recording, JobStatus.FAILED)
    assert states(cast, recording.pk) == ["done", "stopped", "ahead", "ahead", "ahead", "ahead"]


def test_work_kept_from_an_earlier_attempt_counts_as_passed(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    job = factories.make_job(recording, stage=Stage.ASSEMBLING)
    factories.make_answer(job)
    job.steps.exclude(kind="assemble").delete()
    assert states(cast, recording.pk) == ["done", "done", "done", "done", "done", "now"]


def test_segments_keep_their_order(cast: Cast) -> None:
    transcript = factories.make_transcript(factories.make_recording(cast.team), [("A", f"w{n}") for n in range(12)])
    Segment.objects.filter(key="s0").update(text="first")
    assert [s.text for s in read(cast.vera, transcript.pk).segments][:2] == ["first", "w1"]


def test_each_part_of_a_long_text_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of tens of thousands of words with rare letters would else keep its reader waiting."""
    measured: list[int] = []
    units = placement._units

    def counting(text: str) -> int:
        measured.append(len(text))
        return units(text)

    monkeypatch.setattr(placement, "_units", counting)
    words = [[f"😀{number}", number, number + 1, 0.9, "measured"] for number in range(500)]
    text = " ".join(str(word[0]) for word in words)
    assert placement.placed(text, words)[-5:] == [units(text) - 5, 5, 499, 1, 91 << 3]
    assert sum(measured) <= 3 * len(text)
