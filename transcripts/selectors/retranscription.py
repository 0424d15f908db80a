"""The read side of re-transcription: its status, and what a person is asked about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transcripts import access
from transcripts.models import Conflict
from transcripts.models.choices import JobStatus
from transcripts.providers.capabilities import Wishes
from transcripts.selectors import library, reused, timeline
from transcripts.services.live import gaps
from transcripts.services.pipeline import retranscription
from transcripts.services.pipeline.slices import missing
from transcripts.services.provider_accounts import options, selection
from transcripts.services.transcript.successors import newer_than

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import LiveSession, Marker, ProcessingJob, ProviderAccount, Transcript
    from transcripts.selectors.status import Status
    from transcripts.selectors.timeline import Line, ShownSegment
    from transcripts.services.live.gaps import Gap
    from transcripts.services.provider_accounts.options import Offer


@dataclass(frozen=True, slots=True)
class RetranscriptionState:
    """What re-transcription means for a transcript.

    `status` is that of the job that transcribes again, while it runs; `failure` why the last one failed. `provider` is
    who would do it, empty if none can now; `accounts` are those to choose from, `offer` what these understand,
    `language` and `wished` what a person chose before. `gaps` are those that this text has, `markers` the moments that
    people marked while it was spoken. `is_lacking` says that the provider couldn't transcribe a part of it, `reused`
    that it wasn't asked, because there was an answer to the same audio.
    """

    transcript: Transcript
    newer: Transcript | None = None
    status: Status | None = None
    failure: str = ""
    provider: str = ""
    accounts: list[ProviderAccount] = field(default_factory=list)
    offer: Offer = field(default_factory=lambda: options.offer_of_any(()))
    language: str = ""
    wished: Wishes = field(default_factory=Wishes)
    may_edit: bool = False
    gaps: list[Gap] = field(default_factory=list)
    is_lacking: bool = False
    markers: list[Marker] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    reused: str = ""

    @property
    def is_retranscription(self) -> bool:
        """Whether this transcript is a re-transcription of another."""
        job = self.transcript.job
        return job is not None and job.base_transcript_id is not None

    def lines(self, segments: Sequence[ShownSegment]) -> list[Line]:
        """The text with its gaps and markers in their places."""
        return timeline.woven(segments, self.gaps, self.markers, language=self.transcript.language)


def state_of(user: User, transcript_id: UUID) -> RetranscriptionState:
    """Return what the page of a transcript says of re-transcription. Raises access.NotFound."""
    transcript = access.get_transcript(user, transcript_id)
    session: LiveSession | None = getattr(transcript.recording, "live_session", None)
    row = library.row(user, transcript.recording_id)
    is_over = session is None or session.finished_at is not None
    may_ask = row.may_edit and is_over and not transcript.recording.jobs.filter(finished_at=None).exists()
    job = row.job if row.job and row.job.base_transcript_id == transcript.pk else None
    usable = selection.usable_for(transcript.recording.team_id) if may_ask else []
    newer = newer_than(transcript)
    # They are told of the newest text
    lacking = [timeline.MissingPart(*one) for one in missing.of(transcript.recording)] if newer is None else []
    return RetranscriptionState(
        transcript=transcript,
        newer=newer,
        status=row.status if job and job.is_active else None,
        failure=_failure(job),
        provider=(usable[0].engine or usable[0].name) if usable else "",
        accounts=usable,
        offer=options.offer_of_any(usable),
        language=retranscription.said_language(transcript),
        wished=retranscription.said_wishes(transcript),
        may_edit=row.may_edit,
        gaps=[*(gaps.of(session) if session and session.transcript_id == transcript.pk else []), *lacking],
        is_lacking=bool(lacking),
        markers=list(transcript.recording.markers.filter(removed_at=None).select_related("author")),
        conflicts=_open_conflicts(transcript) if row.may_edit else [],
        reused=reused.sentence_for(user, transcript.job),
    )


def newest(session: LiveSession) -> Transcript:
    """The transcript of a session to read: its re-transcription, if there is one."""
    return newer_than(session.transcript) or session.transcript


def _failure(job: ProcessingJob | None) -> str:
    return job.error_message if job is not None and job.status == JobStatus.FAILED else ""


def _open_conflicts(transcript: Transcript) -> list[Conflict]:
    found = Conflict.objects.filter(segment__transcript=transcript, resolved_at=None)
    return list(found.select_related("segment"))
