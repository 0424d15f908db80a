"""What a transcript says it lacks: the stretches of slices without an answer, by the time of the recording."""

from __future__ import annotations

from typing import Any

import pytest

from transcripts.models import Chunk
from transcripts.models.choices import ChunkStatus
from transcripts.services.pipeline.slices import missing


def chunk(start_ms: int, end_ms: int, why: str = "", **fields: Any) -> Chunk:
    status = ChunkStatus.PENDING if why else ChunkStatus.ANSWERED
    return Chunk(
        start_ms=start_ms, end_ms=end_ms, status=status, error_code="x" if why else "", error_message=why, **fields
    )


def stretches(*chunks: Chunk) -> list[tuple[object, ...]]:
    return [tuple(notice["values"].values()) for notice in missing.notices_of(chunks)]


@pytest.mark.parametrize(
    ("chunks", "lacking"),
    [
        ([chunk(0, 10), chunk(10, 20)], []),
        ([chunk(0, 10), chunk(10, 20, "No."), chunk(20, 30)], [(10, 20, "No.")]),
        ([chunk(0, 10, "No."), chunk(10, 20, "No."), chunk(20, 30)], [(0, 20, "No.")]),
        ([chunk(0, 10, "No."), chunk(10, 20, "Never."), chunk(20, 30)], [(0, 10, "No."), (10, 20, "Never.")]),
        # What its neighbours have of it is there
        ([chunk(0, 10), chunk(6, 20, "No.", overlap_ms=4), chunk(16, 30, overlap_ms=4)], [(10, 16, "No.")]),
        ([chunk(0, 10, "No."), chunk(6, 20, overlap_ms=4)], [(0, 6, "No.")]),
    ],
)
def test_it_is_what_no_slice_has(chunks: list[Chunk], lacking: list[tuple[object, ...]]) -> None:
    assert stretches(*chunks) == lacking


def test_an_answer_that_says_that_it_failed_has_no_words() -> None:
    failed = Chunk(start_ms=10, end_ms=20, status=ChunkStatus.ANSWERED, error_code="bad_answer", error_message="No.")
    assert stretches(chunk(0, 10), failed) == [(10, 20, "No.")]


def test_tracks_that_were_sent_one_after_the_other_lack_it_each_in_its_time() -> None:
    layout = [{"label": "Left", "start_ms": 0, "end_ms": 100}, {"label": "Right", "start_ms": 100, "end_ms": 200}]
    assert stretches(chunk(0, 80, layout=layout), chunk(80, 130, "No."), chunk(130, 200)) == [
        (80, 100, "No."),
        (0, 30, "No."),
    ]
