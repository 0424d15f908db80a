"""An instance that works beside the command that a test runs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from tests.support.audio import write_tone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


@pytest.fixture
def tones(tmp_path: Path) -> list[Path]:
    """Three files that differ."""
    folder = tmp_path / "in"
    folder.mkdir()
    return [
        write_tone(folder / f"{name}.wav", hertz=hertz) for name, hertz in (("one", 300), ("two", 400), ("three", 500))
    ]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
