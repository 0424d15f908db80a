"""A transcript that two people edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories

if TYPE_CHECKING:
    from transcripts.models import Transcript


@pytest.fixture
def cast(db: None) -> factories.Cast:
    return factories.make_cast()


@pytest.fixture
def edited(cast: factories.Cast) -> Transcript:
    """Three segments: "Hold the paige", "Thursday works", "So be it"."""
    recording = factories.make_recording(cast.team, owner=cast.erin)
    lines = [("A", "Hold the paige"), ("B", "Thursday works"), ("A", "So be it")]
    return factories.make_transcript(recording, lines)
