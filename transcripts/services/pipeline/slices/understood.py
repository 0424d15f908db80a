"""What the stored answers of a job say, with times of the audio that was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document import timing
from transcripts.services import speech
from transcripts.services.pipeline.slices import joining
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from transcripts.document import Document
    from transcripts.models import Chunk, ProcessingJob


@dataclass(frozen=True, slots=True)
class Understood:
    """The document, its segments with times, and when someone speaks, if any word needed that to be known."""

    document: Document
    said: timing.Timed
    spoken: list[tuple[int, int]]
    length_ms: int | None


def understood(job: ProcessingJob, chunks: list[Chunk]) -> Understood:
    """Parse the answers, and give everything a time of the audio that was sent. Raises BadAnswer."""
    provider = accounts.provider(job.account)
    length_ms = chunks[0].layout[-1]["end_ms"] if chunks[0].layout else job.recording.duration_ms
    if len(chunks) == 1 and not chunks[0].start_ms:
        document = provider.parse(bytes(chunks[0].answer or b""))
        spoken = _spoken(job, [document])
        return Understood(document, timing.timed(document.segments, length_ms, spoken), spoken, length_ms)
    answered = {chunk.index: chunk for chunk in chunks if chunk.has_words}
    parts = [
        joining.Part(
            provider.parse(bytes(chunk.answer or b"")),
            chunk.start_ms,
            chunk.end_ms,
            chunk.overlap_ms if index - 1 in answered else 0,
        )
        for index, chunk in answered.items()
    ]
    spoken = _spoken(job, [part.document for part in parts])
    return Understood(joining.described(parts), joining.joined(parts, length_ms, spoken), spoken, length_ms)


def _spoken(job: ProcessingJob, documents: list[Document]) -> list[tuple[int, int]]:
    """Return when someone speaks, if any word needs it."""
    lacks = any(timing.lacks_times(document.segments) for document in documents)
    return speech.stretches(job.recording) if lacks else []
