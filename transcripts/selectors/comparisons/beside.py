"""What the page of a transcript says of comparisons: those there are, the one under way, and who can be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transcripts import access
from transcripts.models import Comparison, ProcessingJob, Transcript
from transcripts.models.choices import JobStatus, Stage, TranscriptStatus
from transcripts.selectors.queue import positions
from transcripts.selectors.status import status_of
from transcripts.services.costs import charges
from transcripts.services.pipeline import retranscription
from transcripts.services.pipeline.comparisons import requests
from transcripts.services.provider_accounts import accounts, objections
from transcripts.services.provider_accounts.routing import places
from transcripts.services.transcript.successors import newer_than

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import ProviderAccount
    from transcripts.providers.capabilities import Wishes
    from transcripts.selectors.status import Status


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that can be asked for its text, and what it can do, in sentences."""

    account: ProviderAccount
    facts: list[str]


@dataclass(frozen=True, slots=True)
class Beside:
    """`status` is that of the comparison under way; `failure` why the last one failed; `kept` are those to look at."""

    transcript: Transcript
    status: Status | None = None
    provider: str = ""
    failure: str = ""
    kept: list[Comparison] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    may_decide: bool = False

    @property
    def is_approved(self) -> bool:
        """Whether the text was approved, so that a comparison tells how many words a provider had wrong."""
        return self.transcript.status == TranscriptStatus.APPROVED


def beside(user: User, transcript_id: UUID) -> Beside:
    """Return what is beside a transcript. Raises access.NotFound."""
    transcript = access.get_transcript(user, transcript_id)
    may_decide = access.allows(user, transcript.recording, access.Level.DECIDE)
    job = _latest(transcript)
    is_active = job is not None and job.is_active
    kept = Comparison.objects.filter(job__recording=transcript.recording_id).exclude(job__transcript=transcript)
    return Beside(
        transcript=transcript,
        status=_status(job) if job and is_active else None,
        provider=job.account.name if job else "",
        failure=job.error_message if job and job.status == JobStatus.FAILED else "",
        kept=list(kept.defer("segments").order_by("-created_at")),
        candidates=_candidates(transcript) if may_decide and _is_open(transcript) else [],
        may_decide=may_decide,
    )


def _latest(transcript: Transcript) -> ProcessingJob | None:
    found = ProcessingJob.objects.filter(recording=transcript.recording_id, compares__isnull=False)
    return found.select_related("account").prefetch_related("steps").order_by("-created_at").first()


def _is_open(transcript: Transcript) -> bool:
    """Tell whether a comparison can begin: the text is the newest, and no job is under way."""
    session = getattr(transcript.recording, "live_session", None)
    if session is not None and session.finished_at is None:
        return False
    return newer_than(transcript) is None and not transcript.recording.jobs.filter(finished_at=None).exists()


def _status(job: ProcessingJob) -> Status:
    place = positions({job.recording.team_id}).get(job.pk) if job.stage == Stage.WAITING else None
    return status_of(job, None, place=place)


def _candidates(transcript: Transcript) -> list[Candidate]:
    wishes = retranscription.said_wishes(transcript)
    found = requests.accounts_for(transcript)
    return [Candidate(one, list(_facts(one, wishes, transcript.recording.duration_ms or 0))) for one in found]


def _facts(account: ProviderAccount, wishes: Wishes, length_ms: int) -> list[str]:
    """Say where the audio goes, what the account can't do of what was wished, and what it costs."""
    where = "Audio stays on this instance." if places.is_inside(account) else "Audio is sent to the provider."
    speakers = "" if accounts.can(account).tells_speakers else objections.NO_SPEAKERS.format(name=account.name)
    micros = charges.cost_micros(account.price_a_minute, length_ms)
    cost = f"About {charges.in_words(micros)}." if micros else ""
    unmet = [one for one in objections.consequences(account, wishes) if one != speakers]
    return [one for one in (where, speakers, *unmet, cost) if one]
