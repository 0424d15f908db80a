"""A recording of a team, which is to be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories
from transcripts.services.errors import Refused
from transcripts.services.sharing.grants import Places

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.factories import Cast
    from transcripts.models import Transcript

PLACES = Places("https://verbatim.example/page/", lambda share: f"https://verbatim.example/s/{share.token}/")


@pytest.fixture
def cast(db: None, redis_client: object) -> Cast:
    """Alice owns the team, Erin edits, Vera views; Charlie is in no team of theirs."""
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    """A transcript of the team's."""
    return factories.make_transcript(factories.make_recording(cast.team, owner=cast.alice))


def refused(code: str) -> AbstractContextManager[object]:
    """Expect a refusal with this code."""
    return pytest.raises(Refused, check=lambda error: error.code == code)
