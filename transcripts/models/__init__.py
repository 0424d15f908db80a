"""Rows, constraints, querysets and status transitions."""

from transcripts.models.activity import Activity, Lease
from transcripts.models.edits import Conflict, Edit, EditedSegment, Version
from transcripts.models.exports import AccountExport, DocumentTemplate, Export, ExportChoice
from transcripts.models.ledger.accuracy import CorrectedWord, Measurement, SpeakerMeasurement
from transcripts.models.ledger.costs import Budget, Charge
from transcripts.models.library.batches import Batch
from transcripts.models.library.bulk import BulkAct, BulkItem
from transcripts.models.library.filters import SavedFilter
from transcripts.models.library.folders import Folder, Tag
from transcripts.models.live import LiveSession, Marker
from transcripts.models.notifications import Notification
from transcripts.models.processing import Alignment, Chunk, ImportedFile, ProcessingJob, ProviderCall, Step
from transcripts.models.providers import Credential, ProviderAccount, Route
from transcripts.models.recordings import MediaFile, PurgedRecording, Recording, Upload
from transcripts.models.review.certificates import SigningKey
from transcripts.models.review.comments import Comment, CommentPart, Mention
from transcripts.models.review.comparisons import Comparison
from transcripts.models.review.reading import Reading
from transcripts.models.review.vocabulary import Term, Vocabulary
from transcripts.models.review.work import AcceptedFault, Assignment, Claim
from transcripts.models.sharing import FolderLink, Grant, Share, ShareOpening
from transcripts.models.teams import TeamDefaults
from transcripts.models.transcripts import POSITION_GAP, Segment, Speaker, Transcript

__all__ = [
    "POSITION_GAP",
    "AcceptedFault",
    "AccountExport",
    "Activity",
    "Alignment",
    "Assignment",
    "Batch",
    "Budget",
    "BulkAct",
    "BulkItem",
    "Charge",
    "Chunk",
    "Claim",
    "Comment",
    "CommentPart",
    "Comparison",
    "Conflict",
    "CorrectedWord",
    "Credential",
    "DocumentTemplate",
    "Edit",
    "EditedSegment",
    "Export",
    "ExportChoice",
    "Folder",
    "FolderLink",
    "Grant",
    "ImportedFile",
    "Lease",
    "LiveSession",
    "Marker",
    "Measurement",
    "MediaFile",
    "Mention",
    "Notification",
    "ProcessingJob",
    "ProviderAccount",
    "ProviderCall",
    "PurgedRecording",
    "Reading",
    "Recording",
    "Route",
    "SavedFilter",
    "Segment",
    "Share",
    "ShareOpening",
    "SigningKey",
    "Speaker",
    "SpeakerMeasurement",
    "Step",
    "Tag",
    "TeamDefaults",
    "Term",
    "Transcript",
    "Upload",
    "Version",
    "Vocabulary",
]
