"""The doubtful words that a transcript has left for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounts import preferences
from tests import factories
from tests.support import edits
from transcripts.document.doubts import rules
from transcripts.models import MediaFile
from transcripts.models.choices import MediaKind
from transcripts.selectors import doubts
from transcripts.services import storage, vocabulary

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubtful(cast: Cast) -> Transcript:
    """A transcript with two doubtful stretches, at 0 s and at 2.4 s."""
    return factories.make_transcript(
        factories.make_recording(cast.team), [("A", "?hold the page"), ("B", "so ?be ?it")]
    )


def test_what_is_accepted_is_left_no_more(doubtful: Transcript, cast: Cast) -> None:
    assert doubts.left_in(doubtful, cast.erin) == 2
    edits.apply(doubtful, {"op": "accept", "id": "s1", "words": [[3, "be it"]]}, actor=cast.erin)
    assert doubts.left_in(doubtful, cast.erin) == 1


def test_a_word_that_a_person_typed_is_left_no_more(doubtful: Transcript, cast: Cast) -> None:
    edits.set_text(doubtful.segments.get(key="s0"), "fold the page", actor=cast.erin)
    assert doubts.left_in(doubtful, cast.erin) == 1


@pytest.mark.parametrize("chosen", [{"doubts": "off"}, {"doubt_threshold": 10}])
def test_the_threshold_and_the_switch_are_a_persons_own(
    doubtful: Transcript, cast: Cast, chosen: dict[str, object]
) -> None:
    preferences.change(cast.erin, chosen)
    assert [doubts.left_in(doubtful, who) for who in (cast.erin, cast.alice)] == [0, 2]


def test_near_misses_of_the_teams_terms_are_left(cast: Cast) -> None:
    transcript = factories.make_transcript(factories.make_recording(cast.team), [("A", "in gregory weaker, so")])
    assert doubts.left_in(transcript, cast.erin) == 0
    vocabulary.add(cast.team, vocabulary.Wish("Hryhorivka", "Gregory weaker"), actor=cast.erin)
    assert doubts.left_in(transcript, cast.erin) == 1


def test_words_in_silence_are_doubtful(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    transcript = factories.make_transcript(recording, [("A", "thank you")])
    file = MediaFile.objects.create(recording=recording, kind=MediaKind.PEAKS, storage_name="peaks.json", bytes=1)
    path = storage.path_of(file.storage_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"duration_ms": 800, "peaks": [90, 90, 90, 0, 0, 0, 0, 0]}')
    assert doubts.left_in(transcript, cast.erin) == 1
    path.unlink()
    assert doubts.left_in(transcript, cast.erin) == 0


@pytest.mark.parametrize(
    ("start", "end", "is_silent"), [(0, 100, False), (100, 300, True), (90, 300, False), (300, 500, False)]
)
def test_only_peaks_that_are_there_are_silent(start: int, end: int, is_silent: bool) -> None:
    silent = rules.silence([90, 0, 4, 5], 400)
    assert silent is not None
    assert silent(start, end) is is_silent
