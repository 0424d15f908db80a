"""What a re-transcription leaves of a review: what was declared right, and who reviews it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.support import edits
from tests.support.retranscription import finish, make_session, said
from transcripts.models import Assignment, Transcript
from transcripts.models.choices import TranscriptStatus
from transcripts.selectors.review.comments import comments_of
from transcripts.services.errors import Refused
from transcripts.services.pipeline.retranscription import retranscribe
from transcripts.services.transcript.comments import threads
from transcripts.services.transcript.review import assignments, status

if TYPE_CHECKING:
    from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(cast: Cast) -> Transcript:
    """Three segments, the first corrected, the first two reviewed; Erin is to review the rest."""
    spoken = (said("hold the paige", 0), said("so be it", 5_000), said("thank you", 10_000))
    transcript = make_session(cast.team, cast.alice, *spoken)
    first, second, _ = transcript.segments.order_by("position")
    edits.set_text(first, "hold the page", actor=cast.erin)
    edits.apply(transcript, {"op": "tick", "ids": [first.key, second.key]}, actor=cast.erin)
    for words in ("be", "page"):
        segment = transcript.segments.get(text__contains=words)
        begin = segment.text.index(words)
        end = begin + len(words)
        draft = threads.Draft("Is it?", segment=segment.key, begin=begin, end=end, quoted=words, seq=99)
        root = threads.add(transcript, uuid.uuid4(), draft, actor=cast.erin)
        threads.add(transcript, uuid.uuid4(), threads.Draft("It is", parent=root.pk), actor=cast.alice)
    assignments.assign(transcript, cast.erin.pk, due_on=date(2027, 1, 15), actor=cast.alice)
    return transcript


@pytest.fixture
def newer(base: Transcript, cast: Cast) -> Transcript:
    """The recording transcribed again, the second segment otherwise."""
    job = retranscribe(base, actor=cast.alice)
    return finish(job, said("hold the paige", 0), said("so let it", 5_000), said("thank you", 10_000))


def test_a_segment_is_still_reviewed_if_it_says_the_same(newer: Transcript) -> None:
    found = newer.segments.order_by("position").values_list("text", "is_reviewed")
    assert list(found) == [("hold the page", True), ("so let it", False), ("thank you", False)]
    newer.refresh_from_db()
    assert (newer.reviewed_words, newer.word_count) == (3, 8)


def test_its_reviewer_reviews_the_new_one(base: Transcript, newer: Transcript, cast: Cast) -> None:
    assert [(one.transcript, one.assignee) for one in Assignment.objects.all()] == [(newer, cast.erin)]


def test_the_one_before_is_not_approved_any_more(base: Transcript, newer: Transcript, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        status.move(base, TranscriptStatus.IN_REVIEW, actor=cast.erin)
    assert refused.value.code == "not_newest"


def test_comments_are_at_the_same_words_or_at_their_moment(base: Transcript, newer: Transcript, cast: Cast) -> None:
    shown = {one["quoted"]: one for one in comments_of(cast.erin, newer)}
    page, gone = shown["page"], shown["be"]
    assert newer.segments.get(key=page["segment"]).text[page["begin"] : page["end"]] == "page"
    assert (gone["lost"], gone["segment"], gone["at_ms"]) == (True, "", 5_000)
    assert [len(one["replies"]) for one in shown.values()] == [1, 1]
    assert comments_of(cast.erin, base) == []
