"""The processing of recordings: jobs, their steps, what is sent to providers and what they answered."""

from transcripts.models.processing.alignments import Alignment
from transcripts.models.processing.chunks import Chunk, ChunkQuerySet, ImportedFile, ProviderCall
from transcripts.models.processing.jobs import JobQuerySet, ProcessingJob, Step, StepQuerySet

__all__ = [
    "Alignment",
    "Chunk",
    "ChunkQuerySet",
    "ImportedFile",
    "JobQuerySet",
    "ProcessingJob",
    "ProviderCall",
    "Step",
    "StepQuerySet",
]
