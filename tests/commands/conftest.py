"""An instance that works beside the command that a test runs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.pipeline import Pipeline


@pytest.fixture
def instance(pipeline: Pipeline) -> Iterator[Pipeline]:
    """An instance that works in a thread of its own."""
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.02):
            pipeline.step_once()
        connection.close()

    pipeline.conductor.tick()
    thread = threading.Thread(target=work)
    thread.start()
    yield pipeline
    stop.set()
    thread.join()
