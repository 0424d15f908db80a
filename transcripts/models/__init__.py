"""Rows, constraints, querysets and status transitions."""

from transcripts.models.activity import Activity, Lease
from transcripts.models.live import LiveSession
from transcripts.models.processing import Chunk, ProcessingJob, ProviderCall, Step
from transcripts.models.providers import ProviderAccount
from transcripts.models.recordings import MediaFile, Recording, Upload
from transcripts.models.transcripts import Segment, Speaker, Transcript

__all__ = [
    "Activity",
    "Chunk",
    "Lease",
    "LiveSession",
    "MediaFile",
    "ProcessingJob",
    "ProviderAccount",
    "ProviderCall",
    "Recording",
    "Segment",
    "Speaker",
    "Step",
    "Transcript",
    "Upload",
]
