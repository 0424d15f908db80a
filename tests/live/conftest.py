"""A live session and its sound."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from transcripts.services.live import leases, lifecycle

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from transcripts.models import LiveSession

FRAME_BYTES = 3_200


@pytest.fixture
def session(pipeline: Pipeline) -> LiveSession:
    """A session that a browser has just come to."""
    made = lifecycle.start(owner=pipeline.person, team=pipeline.person.personal_team, title="Editorial meeting")
    return leases.take(made)


def frame(number: int) -> bytes:
    """The sound of a frame: the same for the same number, unlike any other's."""
    return random.Random(number).randbytes(FRAME_BYTES)


def sound(count: int) -> bytes:
    """The sound of the first frames."""
    return b"".join(frame(number) for number in range(count))
