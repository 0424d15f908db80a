"""Asking another provider for its text of a recording, to be compared with a transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers import registry
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs, retranscription
from transcripts.services.provider_accounts import selection

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import ProcessingJob, ProviderAccount, Transcript

SAME_ACCOUNT = "This account transcribed the recording already. Choose another one to compare with."


def accounts_for(transcript: Transcript) -> list[ProviderAccount]:
    """Return the accounts that a transcript can be compared with now: all but the one that made it."""
    made_by = transcript.job.account_id if transcript.job else None
    return [one for one in selection.usable_for(transcript.recording.team_id) if one.pk != made_by]


def compare(transcript: Transcript, account_id: str, *, actor: User) -> ProcessingJob:
    """Begin to transcribe the recording with another account, with the options of the transcript.

    Raises Refused while the recording is live, if there is a newer transcript, while another job runs, and if the
    account can't be used or made the transcript.
    """
    retranscription.refuse_older(transcript)
    account = selection.chosen(account_id, transcript.recording.team_id)
    if transcript.job is not None and transcript.job.account_id == account.pk:
        raise Refused("same_account", SAME_ACCOUNT)
    return jobs.start(
        transcript.recording,
        actor=actor,
        language=_language(transcript, account),
        wishes=retranscription.said_wishes(transcript),
        compares=transcript,
        account=account,
    )


def cancel(transcript: Transcript, *, actor: User) -> None:
    """Cancel what is being made to be compared; nothing if it has ended."""
    for job in transcript.recording.jobs.filter(compares__isnull=False, finished_at=None):
        jobs.cancel(job, actor=actor)


def _language(transcript: Transcript, account: ProviderAccount) -> str:
    """Return the language that was said for the transcript; that of its text if the account detects none."""
    said = retranscription.said_language(transcript)
    return said if said or registry.find(account.kind).detects_languages else transcript.language
