"""Rows, constraints, querysets and status transitions."""

from transcripts.models.activity import Activity, Lease
from transcripts.models.live import LiveSession, Marker
from transcripts.models.processing import Chunk, ProcessingJob, ProviderCall, Step
from transcripts.models.providers import ProviderAccount
from transcripts.models.reading import Reading
from transcripts.models.recordings import MediaFile, PurgedRecording, Recording, Upload
from transcripts.models.sharing import Share
from transcripts.models.transcripts import Conflict, Revision, Segment, Speaker, Transcript

__all__ = [
    "Activity",
    "Chunk",
    "Conflict",
    "Lease",
    "LiveSession",
    "Marker",
    "MediaFile",
    "ProcessingJob",
    "ProviderAccount",
    "ProviderCall",
    "PurgedRecording",
    "Reading",
    "Recording",
    "Revision",
    "Segment",
    "Share",
    "Speaker",
    "Step",
    "Transcript",
    "Upload",
]
