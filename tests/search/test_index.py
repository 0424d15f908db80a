"""The index: what is in it is what is in the rows, in the transaction that writes them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.utils import timezone

from tests import factories
from transcripts.document.search.query import parse
from transcripts.models import Comment, Marker, Recording, Segment, Speaker
from transcripts.models.choices import CommentKind
from transcripts.services.search.index import index

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    recording = factories.make_recording(cast.team, "River dams")
    return factories.make_transcript(
        recording, [("Dr Hale", "The silt behind the dam."), ("Chair", "Who pays for it?")]
    )


def found(text: str) -> list[str]:
    """The texts that the index has for a search; those of more than were asked for are left in."""
    ids = [hit.segment_id for hit in index().segments(parse(text))]
    return sorted(Segment.objects.filter(pk__in=ids).values_list("text", flat=True))


def names(text: str) -> list[str]:
    return sorted(name.kind for name in index().names(parse(text)))


def test_words_phrases_beginnings_and_exclusions(transcript: Transcript) -> None:
    assert found("silt dam") == found('"the silt"') == found("SIL*") == ["The silt behind the dam."]
    assert found("silt -dam") == found("silt pays") == []
    assert found('"behind the"') == ["The silt behind the dam."]


@pytest.mark.parametrize(
    "searched", ["Łódź", "lodz", "NAIVE", "Straße", "strasse", "ЁЛКА", "елка", "今日", "東", "สวัส"]
)
def test_accents_case_and_scripts_without_spaces(transcript: Transcript, searched: str) -> None:
    text = "naïve Łódź STRASSE straße ёлка 今日は東京 สวัสดีครับ"
    transcript.segments.update(text="Else.")
    segment = transcript.segments.all()[0]
    Segment.objects.filter(pk=segment.pk).update(text=text)
    assert found(searched) == [text]
    assert found("京東") in ([], [text])  # PostgreSQL's index doesn't know the order; what is shown is compared


def test_an_edit_a_removal_and_a_deletion_are_in_the_index(transcript: Transcript) -> None:
    segment = transcript.segments.all()[0]
    segment.text = "The sediment behind it."
    segment.save()
    assert found("silt") == []
    assert found("sediment") == ["The sediment behind it."]
    Segment.objects.filter(pk=segment.pk).update(is_removed=True)
    assert index().segments(parse("sediment")) == []
    Segment.with_removed.filter(pk=segment.pk).update(is_removed=False)
    assert found("sediment") == ["The sediment behind it."]
    transcript.recording.delete()
    assert index().segments(parse("sediment")) == index().segments(parse("pays")) == []
    assert names("river") == names("hale") == []
    assert index().faults() == []


def test_titles_files_speakers_comments_and_notes(transcript: Transcript, cast: Cast) -> None:
    recording = transcript.recording
    assert names("dams") == names("wav") == ["recording"]
    assert names("hale") == ["speaker"]
    assert names("speaker") == []
    comment = Comment.objects.create(transcript=transcript, kind=CommentKind.COMMENT, body="Ask Ana", author=cast.alice)
    marker = Marker.objects.create(recording=recording, at_ms=0, note="Check the minutes", author=cast.alice)
    assert names("ana") == ["comment"]
    assert names("minutes") == ["marker"]
    Comment.objects.filter(pk=comment.pk).update(removed_at=timezone.now())
    Marker.objects.filter(pk=marker.pk).update(note="Never mind")
    Recording.objects.filter(pk=recording.pk).update(title="Budget", filename="a.wav")
    Speaker.objects.filter(transcript=transcript, label="Dr Hale").update(label="Speaker 1")
    assert names("ana") == names("minutes") == names("river") == names("hale") == []
    assert names("budget") == ["recording"]
    assert index().faults() == []


def test_only_among_some_transcripts(transcript: Transcript) -> None:
    other = factories.make_transcript(
        factories.make_recording(transcript.recording.team, "Other"), [("A", "More silt.")]
    )
    assert [hit.transcript_id for hit in index().segments(parse("silt"), among=[other.pk])] == [other.pk]
    assert index().segments(parse("silt"), among=[]) == []
    assert [name.scope for name in index().names(parse("other"), among=[other.recording_id])] == [other.recording_id]
    assert len(index().segments_with(["silt", "pays"])) == 3


@pytest.mark.parametrize(
    "text", ["x" * 500_000, "a\tb\n" * 60_000, "'\\\"%s{}:*&|!()", "👍🏽 ﷺ ½ ﬁ", "\u0301\u0301", " "]
)
def test_no_text_is_refused(transcript: Transcript, text: str) -> None:
    Segment.objects.filter(pk=transcript.segments.all()[0].pk).update(text=text)
    assert Segment.objects.filter(text=text).exists()
    transcript.recording.delete()
    assert index().faults() == []


@pytest.fixture
def _two_are_many(monkeypatch: pytest.MonkeyPatch, transcript: Transcript) -> None:
    """Let three segments be many; PostgreSQL knows how frequent words are after an ANALYZE."""
    this = import_module(type(index()).__module__)
    monkeypatch.setattr(this, "COMMON", 2)
    monkeypatch.setattr(this, "COUNTED", 4)
    lines = [("A", f"silt dam {word}") for word in ("river", "riverbed", "riverside", "lake", "pond", "tarn")]
    more = factories.make_transcript(factories.make_recording(transcript.recording.team, "More"), lines)
    more.segments.filter(text__contains="pond").update(text="silt and gravel of the pond")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE transcripts_segment")


@pytest.mark.usefixtures("_two_are_many")
@pytest.mark.parametrize(
    ("text", "is_common"),
    [("silt", True), ("gravel", False), ("silt gravel", False), ("silt dam", True), ("riv*", True), ("riverb*", False)],
)
def test_words_are_common_together(text: str, is_common: bool) -> None:
    assert (index().rare_segments(parse(text)) is None) == is_common


@pytest.mark.usefixtures("_two_are_many")
def test_names_are_common_by_themselves(transcript: Transcript) -> None:
    assert index().rare_names(parse("dams")) is not None
    for number in range(3):
        factories.make_recording(transcript.recording.team, f"Dams, part {number}")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE transcripts_recording")
    assert index().rare_names(parse("dam*")) is None
    assert index().rare_names(parse("dam* 1")) is not None
