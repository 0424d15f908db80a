"""A transcript of an interview to quote from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript

LINES = [
    ("Tomas Berg", "So who told you about the thalweg of the river?"),
    ("Miriam Hale", "The dam was never designed for this much silt, and everybody upstream knew it."),
    ("Miriam Hale", "We warned the ministry twice. They had the report and they read it."),
    ("Tomas Berg", "And what did they say?"),
    ("Miriam Hale", "That we should do what we can with what we have."),
]


@pytest.fixture
def cast(db: None, redis_client: object) -> Cast:
    """Alice owns the team, Erin edits, Vera views; Charlie is in no team of theirs."""
    return factories.make_cast()


@pytest.fixture
def interview(cast: Cast) -> Transcript:
    recording = factories.make_recording(cast.team, "Interview: Dr Hale", owner=cast.alice, duration_ms=30_000)
    return factories.make_transcript(recording, LINES)
