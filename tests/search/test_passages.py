"""Passages that a quotation may come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests import factories
from transcripts.models import Recording, Segment
from transcripts.selectors.search.passages import passages

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db

LINES = [
    ("A", "Steel is easy."),
    ("A", "The silt behind them is sixty years of everything we did upstream."),
    ("B", "Sixty."),
]


@pytest.fixture
def dams(cast: Cast) -> Transcript:
    return factories.make_transcript(factories.make_recording(cast.team), LINES)


def texts(user: User, quotation: str) -> list[str]:
    return [Segment.objects.get(pk=one.segment_id).text for one in passages(user, quotation)]


def test_the_passage_with_most_of_the_words_comes_first(cast: Cast, dams: Transcript) -> None:
    found = texts(cast.vera, "“The silt behind it was sixty years of all that we did upstream,” she said")
    assert found[0] == LINES[1][1]
    assert found[-1] == "Sixty."
    (first, *_) = passages(cast.vera, "silt upstream")
    assert (first.transcript_id, first.recording_id) == (dams.pk, dams.recording_id)
    assert first.words == {"silt", "upstream"}


def test_nothing_of_others_of_earlier_transcripts_or_of_the_trash(cast: Cast, dams: Transcript) -> None:
    assert passages(cast.charlie, "silt upstream") == []
    factories.make_transcript(dams.recording, [("A", "Something else.")])
    assert passages(cast.vera, "silt upstream") == []
    assert len(passages(cast.vera, "something else")) == 1
    Recording.objects.update(deleted_at=timezone.now())
    assert passages(cast.vera, "something else") == []


@pytest.mark.parametrize("quotation", ["", "…", "\0", "👍", "x" * 10_000, '"*-()' * 500])
def test_any_quotation_is_taken(cast: Cast, dams: Transcript, quotation: str) -> None:
    assert passages(cast.vera, quotation) == []
