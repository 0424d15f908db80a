"""What became of the words of an answer without times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.models import Alignment, Recording, Step, Transcript
from transcripts.services.transcript import rows

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline

TIMES = [[0.1, 0.2], [0.2, 0.4], None, [0.6, 0.7], [0.7, 0.9]]


def words() -> list[tuple[str, int | None, int | None, str]]:
    segments = Transcript.objects.get().segments.order_by("position")
    spoken = [word for segment in segments for word in rows.spoken(segment).words]
    return [(word.text, word.start_ms, word.end_ms, str(word.timing)) for word in spoken]


def timings() -> set[str]:
    return {timing for *_, timing in words()}


def until_asked(pipeline: Pipeline) -> Recording:
    recording = pipeline.bring()
    pipeline.until(lambda: Step.objects.filter(kind="align").exists())
    return recording


def until_sent(pipeline: Pipeline) -> Recording:
    recording = pipeline.bring()
    pipeline.until(lambda: Alignment.objects.exclude(processing_id="").exists())
    return recording
