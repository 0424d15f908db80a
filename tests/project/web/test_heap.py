"""What stays for the life of the web process is no garbage to look for."""

from __future__ import annotations

import gc
import sys
import weakref
from typing import TYPE_CHECKING

from project.web.heap import settle

if TYPE_CHECKING:
    from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_requests_need_is_loaded_and_left_alone() -> None:
    settle()
    assert "transcripts.views.urls" in sys.modules
    # Django alone has more
    assert gc.get_freeze_count() > 50_000


def test_garbage_of_requests_is_still_found() -> None:
    class Answer:
        itself: Answer

    settle()
    answer = Answer()
    answer.itself = answer
    trace = weakref.ref(answer)
    del answer
    gc.collect()
    assert trace() is None
