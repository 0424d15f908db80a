"""The history of a transcript as its page shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.transcript.pages import Page, say
from tests.views.conftest import client_of
from transcripts.document import Segment as SpokenSegment
from transcripts.models import Conflict, Edit, EditedSegment, ProcessingJob, Segment, Transcript, Version
from transcripts.models.choices import EditDirection, EditKind
from transcripts.selectors.history import page
from transcripts.selectors.history.page import history
from transcripts.selectors.history.segment import segment_history
from transcripts.services.errors import Refused
from transcripts.services.transcript import rows, versions

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.factories import Cast

pytestmark = pytest.mark.django_db


def lines(cast: Cast, transcript: Transcript) -> list[tuple[str, str]]:
    return [(entry.name, entry.text) for entry in history(cast.vera, transcript.pk).entries]


def backdate(number: int, **ago: int) -> None:
    edit = Edit.objects.get(number=number)
    Edit.objects.filter(pk=edit.pk).update(created_at=edit.created_at - timedelta(**ago))


def test_what_one_person_did_in_one_go_is_one_entry(edited: Transcript, cast: Cast, erin: Page, alice: Page) -> None:
    for number in range(3):
        erin.send({"op": "insert", "id": f"n{number}", "after": "s0", "text": "and", "start_ms": 400, "end_ms": 800})
    alice.send(say("s2", "So be it", "So be it."))
    alice.send(say("s1", "Thursday works", "Friday works"))
    backdate(4, minutes=6)
    for number in (1, 2, 3):
        backdate(number, minutes=7)
    found = history(cast.vera, edited.pk)
    assert [(entry.name, entry.text) for entry in found.entries] == [
        ("Alice Adams", "Edited 1 segment"),
        ("Alice Adams", "Edited 1 segment"),
        ("Erin East", "Edited 3 segments"),
        ("", "First transcription: 3 segments"),
    ]
    assert [(entry.since, entry.until) for entry in found.entries] == [(4, 5), (3, 4), (0, 3), (0, 0)]
    assert (found.entries[1].start_ms, found.entries[1].end_ms) == (2000, 3200)


def test_entries_say_what_was_done(edited: Transcript, cast: Cast, erin: Page) -> None:
    erin.send({"op": "rename_speaker", "speaker": "0", "label": "Dr Miriam Hale"})
    number = erin.send(say("s0", "Hold the paige", "Hold the page"))["change"]
    erin.send({"op": "undo", "edit": number}, direction=EditDirection.UNDO)
    erin.send({"op": "set_speaker", "ids": ["s1", "s2"], "speaker": "1"})
    erin.send({"op": "merge_speakers", "speaker": "1", "into": "0"})
    erin.send({"op": "shift_times", "by_ms": 500})
    erin.send({"op": "restore", "to": 0, "ids": ["s0"]})
    erin.send({"op": "restore", "to": 0})
    assert [text for _, text in lines(cast, edited)] == [
        "Restored the whole transcript",
        "Restored 1 segment",
        "Shifted all times by +0.500 s",
        "Merged B into A",
        "Changed the speaker of 1 segment",
        "Undid 1 change",
        "Edited 1 segment",
        "Renamed A to Dr Miriam Hale",
        "First transcription: 3 segments",
    ]


def test_live_words_are_one_entry_whatever_was_corrected_between(edited: Transcript, cast: Cast, erin: Page) -> None:
    rows.append(edited.pk, SpokenSegment("one", 10_000, 10_400), change=1)
    Transcript.objects.filter(pk=edited.pk).update(changes=1)
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    rows.append(edited.pk, SpokenSegment("two", 11_000, 11_400), change=3)
    Transcript.objects.filter(pk=edited.pk).update(changes=3)
    erin.send(say("s0", "Hold the page", "Hold that page"))
    assert [text for _, text in lines(cast, edited)][:2] == ["Edited 1 segment", "Transcribed live: 2 segments"]


def test_a_version_has_its_place_among_the_edits(edited: Transcript, cast: Cast, erin: Page) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    versions.name(edited, "  For the\neditor ", actor=cast.alice)
    erin.send(say("s0", "Hold the page", "Hold that page"))
    assert lines(cast, edited)[:3] == [
        ("Erin East", "Edited 1 segment"),
        ("Alice Adams", "For the editor"),
        ("Erin East", "Edited 1 segment"),
    ]
    with pytest.raises(Refused):
        versions.name(edited, " ", actor=cast.alice)


def test_a_version_is_named_by_those_who_can_edit(edited: Transcript, cast: Cast) -> None:
    url = reverse("transcript_versions", args=[edited.pk])
    answer = client_of(cast.erin).post(url, {"name": "First draft"}).json()
    version = Version.objects.get()
    assert (answer, version.author) == ({"id": version.pk, "number": 0, "name": "First draft"}, cast.erin)
    assert client_of(cast.vera).post(url, {"name": "Mine"}).status_code == 403


def test_older_entries_are_asked_for_by_number(
    edited: Transcript, cast: Cast, erin: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST", 2)
    for number in range(5):
        erin.send({"op": "shift_times", "by_ms": 100 + number})
    seen: list[int] = []
    before: int | None = None
    while True:
        found = history(cast.vera, edited.pk, before=before)
        seen += [entry.until for entry in found.entries]
        before = found.before
        if before is None:
            break
    assert seen == [5, 4, 3, 2, 1, 0]


def test_an_entry_too_long_for_one_answer_continues_in_the_next(
    edited: Transcript, cast: Cast, erin: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_CHANGES", 3)
    for number in range(5):
        erin.send(say("s0", f"{number}", f"{number + 1}"))
    first = history(cast.vera, edited.pk)
    second = history(cast.vera, edited.pk, before=first.before)
    assert [(entry.since, entry.until) for entry in (*first.entries, *second.entries)][:2] == [(2, 5), (0, 2)]


def continued(edited: Transcript) -> Transcript:
    """Make the re-transcription of a transcript, in which its first segment continues."""
    job = factories.make_job(edited.recording, "succeeded", base_transcript=edited)
    newer = factories.make_transcript(edited.recording, [("A", "Hold the page")], job=job, changes=1)
    edit = Edit.objects.create(transcript=newer, number=1, kind=EditKind.RETRANSCRIPTION, created_at=newer.created_at)
    row = newer.segments.get()
    Conflict.objects.create(segment=row, start_ms=0, end_ms=400, kept="page", offered="cage")
    EditedSegment.objects.create(edit=edit, segment=row, before={"text": "Hold the cage"}, after={"text": row.text})
    return newer


def test_a_retranscription_continues_the_history_of_the_earlier_transcript(
    edited: Transcript, cast: Cast, erin: Page
) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    newer = continued(edited)
    found = history(cast.vera, newer.pk)
    assert [(entry.sort, entry.text) for entry in found.entries] == [
        ("retranscription", "1 correction kept, 1 conflict")
    ]
    assert found.earlier == edited
    part = client_of(cast.vera).get(reverse("transcript_history", args=[newer.pk])).content.decode()
    assert f"{reverse('transcript_history', args=[edited.pk])}?earlier" in part
    texts = segment_history(cast.vera, newer.pk, "s0").texts
    assert [(said.text, said.name, said.is_earlier) for said in texts] == [
        ("Hold the page", "", False),
        ("Hold the page", "Erin East", True),
        ("Hold the paige", "", True),
    ]


def test_each_text_of_a_segment_is_shown_beside_the_machines(edited: Transcript, cast: Cast, erin: Page) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    erin.send({"op": "remove", "id": "s0", "was": "Hold the page"})
    number = Edit.objects.get(number=2).number
    erin.send({"op": "undo", "edit": number})
    found = segment_history(cast.vera, edited.pk, "s0")
    assert found.machine == "Hold the paige"
    assert [(said.text, said.is_gone, said.number) for said in found.texts] == [
        ("Hold the page", False, 3),
        ("Hold the page", True, 2),
        ("Hold the page", False, 1),
        ("Hold the paige", False, 0),
    ]


def test_only_those_who_can_edit_are_offered_to_restore(edited: Transcript, cast: Cast, erin: Page) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    url = reverse("transcript_history", args=[edited.pk])
    assert 'data-restore="0"' in client_of(cast.erin).get(url).content.decode()
    assert "data-restore" not in client_of(cast.vera).get(url).content.decode()
    assert "data-restore" not in client_of(cast.erin).get(url, {"earlier": ""}).content.decode()
    assert client_of(cast.charlie).get(url).status_code == 404
    assert client_of(cast.erin).get(url, {"segment": "s0"}).status_code == 200
    assert client_of(cast.erin).get(url, {"segment": "nowhere"}).status_code == 404


def make_edits(transcript: Transcript, cast: Cast, count: int) -> None:
    """Make edits by two people in turn, each of ten edits a minute apart from the other's."""
    segments = list(Segment.objects.filter(transcript=transcript))
    start = transcript.created_at
    people = (cast.erin, cast.alice)
    made = Edit.objects.bulk_create(
        Edit(
            transcript=transcript,
            number=number,
            author=people[number // 10 % 2],
            operations=[say("s0", "a", "b")],
            created_at=start + timedelta(seconds=6 * number),
        )
        for number in range(1, count + 1)
    )
    EditedSegment.objects.bulk_create(
        EditedSegment(edit=edit, segment=segments[edit.number % 3], before={"text": "a"}, after={"text": "b"})
        for edit in made
    )
    Transcript.objects.filter(pk=transcript.pk).update(changes=count)


def test_a_longer_history_takes_no_more_queries(
    edited: Transcript, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_edits(edited, cast, 1_209)
    with django_assert_max_num_queries(14):
        found = history(cast.vera, edited.pk)
    assert len(found.entries) == 50
    assert {entry.segments for entry in found.entries} == {3}
    assert ProcessingJob.objects.count() == 1


def test_accepted_words_are_named_and_many_are_counted(edited: Transcript, cast: Cast, erin: Page) -> None:
    def accept(*texts: str) -> None:
        erin.send({"op": "accept", "id": "s0", "words": [["Hold the paige".index(text), text] for text in texts]})

    accept("paige")
    assert lines(cast, edited)[0] == ("Erin East", "Accepted “paige”")
    accept("Hold", "the")
    assert lines(cast, edited)[0] == ("Erin East", "Accepted “paige”, “Hold” and “the”")
    accept("Hold the paige")
    assert lines(cast, edited)[0] == ("Erin East", "Accepted “paige”, “Hold”, “the” and 1 more")
