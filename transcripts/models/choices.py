"""Every status, and the one table of transitions each may make.

A transition is a conditional update (`StatusQuerySet.transition`): the caller that finds the row in an allowed source
state wins, every other one changes nothing.
"""

from __future__ import annotations

from django.db.models import TextChoices


class UploadStatus(TextChoices):
    """receiving → complete / abandoned."""

    RECEIVING = "receiving", "Receiving"
    COMPLETE = "complete", "Complete"
    ABANDONED = "abandoned", "Abandoned"


class JobStatus(TextChoices):
    """queued → running → succeeded / failed / cancelled."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class Stage(TextChoices):
    """What a job is doing, for people; progress runs from 0 to 100 within a stage.

    `queued` is optional: a provider that says that it has not begun yet; so is `aligning`, for answers without times.
    """

    PREPARING = "preparing", "Preparing"
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sending"
    QUEUED = "queued", "Queued at the provider"
    TRANSCRIBING = "transcribing", "Transcribing"
    ALIGNING = "aligning", "Aligning words"
    ASSEMBLING = "assembling", "Assembling"
    DONE = "done", "Done"


class StepKind(TextChoices):
    """The steps of a job in their order. To align is optional; the step to assemble waits for it."""

    PREPARE = "prepare", "Prepare"
    SUBMIT = "submit", "Submit"
    CHECK = "check", "Check"
    ALIGN = "align", "Align"
    ASSEMBLE = "assemble", "Assemble"


class StepStatus(TextChoices):
    """ready ⇄ running → done / failed / cancelled."""

    READY = "ready", "Ready"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class WaitsFor(TextChoices):
    """What a step waits for besides its time."""

    BUDGET = "budget", "The budget of the team"
    PLACE = "place", "A provider that the audio may be sent to"
    ANSWER = "answer", "The answer to the same audio"
    TIMES = "times", "The times of the words"


class ChargeKind(TextChoices):
    """What was charged."""

    RECORDING = "recording", "Recording"
    LIVE = "live", "Live session"


class ChunkStatus(TextChoices):
    """pending → sending → sent → answered; unknown if no one can tell whether the provider took it.

    One that waits is answered without being sent if there is an answer to the same audio and options.
    """

    PENDING = "pending", "Pending"
    SENDING = "sending", "Sending"
    UNKNOWN = "unknown", "Unknown"
    SENT = "sent", "Sent"
    ANSWERED = "answered", "Answered"


class ExportStatus(TextChoices):
    """queued ⇄ running → ready / failed."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


class TranscriptStatus(TextChoices):
    """draft → in_review → approved, and back. About review only."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"


class LiveStatus(TextChoices):
    """starting → live → finishing → finished / abandoned."""

    STARTING = "starting", "Starting"
    LIVE = "live", "Live"
    FINISHING = "finishing", "Finishing"
    FINISHED = "finished", "Finished"
    ABANDONED = "abandoned", "Abandoned"


class MarkerKind(TextChoices):
    """Why a moment of a live session is marked."""

    MARK = "mark", "Marked"
    BREAK = "break", "Continued after a break"


class EndReason(TextChoices):
    """Which limit ended a live session; empty if a person ended it."""

    SILENCE = "silence", "Silence"
    AWAY = "away", "No page connected"
    MINUTES = "minutes", "Live minutes used"


class ShareLevel(TextChoices):
    """What a guest with a link can do. Captions show live words alone; the others open the transcript."""

    CAPTIONS = "captions", "Read live captions"
    VIEW = "view", "View"
    COMMENT = "comment", "Comment"
    EDIT = "edit", "Edit"


class GrantLevel(TextChoices):
    """What a person or a team can do with a recording that is shared with them."""

    VIEW = "view", "View"
    COMMENT = "comment", "Comment"
    EDIT = "edit", "Edit"


class NotificationKind(TextChoices):
    """What people are told of, as the page where they choose says it."""

    READY = "ready", "My transcript is ready"
    FAILED = "failed", "A recording of mine failed"
    MENTIONED = "mentioned", "Someone mentions me in a comment"
    ASSIGNED = "assigned", "Someone assigns me a review"
    SHARED = "shared", "Someone shares a recording with me"
    APPROVED = "approved", "A transcript of mine is approved"
    BUDGET_NEAR = "near", "A team of mine has spent 80 % of its budget"
    BUDGET_USED = "used", "A team of mine has spent its budget"


class MediaKind(TextChoices):
    """What a stored file of a recording is for."""

    ORIGINAL = "original", "Original"
    AUDIO = "audio", "Audio for the provider"
    PLAYBACK = "playback", "Playback"
    PEAKS = "peaks", "Waveform"


class ReviewStage(TextChoices):
    """Where a recording's latest transcript is in its review. Due: in review, or a draft that someone is to review."""

    DRAFT = "draft", "Draft"
    DUE = "due", "To review"
    APPROVED = "approved", "Approved"


class LanguageSource(TextChoices):
    """How the language of a transcript is known. Assumed: the recogniser knows no other and did not look."""

    CHOSEN = "chosen", "Chosen"
    DETECTED = "detected", "Detected"
    ASSUMED = "assumed", "Assumed"


class Origin(TextChoices):
    """Who wrote a segment's text."""

    MACHINE = "machine", "Machine"
    HUMAN = "human", "Person"


class EditKind(TextChoices):
    """What changed a transcript."""

    EDIT = "edit", "Edit"
    LIVE = "live", "Live words"
    RETRANSCRIPTION = "retranscription", "Re-transcription"
    DECISION = "decision", "Decided conflict"
    REVIEW = "review", "Reviewed segments and accepted words"
    STATUS = "status", "Status"


class EditDirection(TextChoices):
    """Whether a page took an edit back, or made it again."""

    UNDO = "undo", "Undo"
    REDO = "redo", "Redo"


class CallOutcome(TextChoices):
    """How a request to a provider ended. A call that stays `sending` was cut off by a crash."""

    SENDING = "sending", "Sending"
    ACCEPTED = "accepted", "Accepted"
    COMPLETED = "completed", "Completed"
    FAILED = "failed", "Failed"
    RATE_LIMITED = "rate_limited", "Asked to wait"
    ERROR = "error", "Error"
    UNKNOWN = "unknown", "Unknown, may have been taken"


class CommentKind(TextChoices):
    """What a person left at a place of a transcript."""

    COMMENT = "comment", "Comment"
    HIGHLIGHT = "highlight", "Highlight"


class HighlightColour(TextChoices):
    """The colours of highlights. Pages name them as well."""

    YELLOW = "yellow", "Yellow"
    GREEN = "green", "Green"
    BLUE = "blue", "Blue"
    PINK = "pink", "Pink"


ACTIVE_JOB = (JobStatus.QUEUED, JobStatus.RUNNING)
OPEN_LIVE = (LiveStatus.STARTING, LiveStatus.LIVE, LiveStatus.FINISHING)
ACTIVE_STEP = (StepStatus.READY, StepStatus.RUNNING)
ACTIVE_EXPORT = (ExportStatus.QUEUED, ExportStatus.RUNNING)

# One table of allowed transitions a model: target → the states it may come from.
UPLOAD_TRANSITIONS: dict[str, tuple[str, ...]] = {
    UploadStatus.COMPLETE: (UploadStatus.RECEIVING,),
    UploadStatus.ABANDONED: (UploadStatus.RECEIVING,),
}
JOB_TRANSITIONS: dict[str, tuple[str, ...]] = {
    JobStatus.RUNNING: (JobStatus.QUEUED,),
    JobStatus.SUCCEEDED: (JobStatus.RUNNING,),
    JobStatus.FAILED: ACTIVE_JOB,
    JobStatus.CANCELLED: ACTIVE_JOB,
}
TRANSCRIPT_TRANSITIONS: dict[str, tuple[str, ...]] = {
    TranscriptStatus.DRAFT: (TranscriptStatus.IN_REVIEW,),
    TranscriptStatus.IN_REVIEW: (TranscriptStatus.DRAFT, TranscriptStatus.APPROVED),
    TranscriptStatus.APPROVED: (TranscriptStatus.IN_REVIEW,),
}
LIVE_TRANSITIONS: dict[str, tuple[str, ...]] = {
    LiveStatus.LIVE: (LiveStatus.STARTING,),
    LiveStatus.FINISHING: (LiveStatus.STARTING, LiveStatus.LIVE),
    LiveStatus.FINISHED: (LiveStatus.FINISHING,),
    LiveStatus.ABANDONED: (LiveStatus.FINISHING,),
}
STEP_TRANSITIONS: dict[str, tuple[str, ...]] = {
    StepStatus.READY: (StepStatus.RUNNING,),
    StepStatus.RUNNING: (StepStatus.READY,),
    StepStatus.DONE: (StepStatus.RUNNING,),
    StepStatus.FAILED: ACTIVE_STEP,
    StepStatus.CANCELLED: ACTIVE_STEP,
}
CHUNK_TRANSITIONS: dict[str, tuple[str, ...]] = {
    ChunkStatus.SENDING: (ChunkStatus.PENDING, ChunkStatus.UNKNOWN),
    ChunkStatus.UNKNOWN: (ChunkStatus.SENDING,),
    ChunkStatus.PENDING: (ChunkStatus.SENDING,),
    ChunkStatus.SENT: (ChunkStatus.SENDING,),
    ChunkStatus.ANSWERED: (ChunkStatus.SENT, ChunkStatus.SENDING, ChunkStatus.PENDING),
}
EXPORT_TRANSITIONS: dict[str, tuple[str, ...]] = {
    ExportStatus.RUNNING: (ExportStatus.QUEUED,),
    ExportStatus.QUEUED: (ExportStatus.RUNNING,),
    ExportStatus.READY: (ExportStatus.RUNNING,),
    ExportStatus.FAILED: ACTIVE_EXPORT,
}
