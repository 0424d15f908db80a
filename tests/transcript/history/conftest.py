"""A transcript that two people edit, and their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.transcript.pages import Page

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript


@pytest.fixture
def erin(edited: Transcript, cast: Cast) -> Page:
    return Page(edited, cast.erin, "e1")


@pytest.fixture
def alice(edited: Transcript, cast: Cast) -> Page:
    return Page(edited, cast.alice, "a1")
