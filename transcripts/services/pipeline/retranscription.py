"""Transcribing a recording again, with what people corrected kept.

The result is a transcript of its own; the one it comes from stays as it is, with all its revisions
(`merged_transcript` writes it).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from transcripts.models.choices import OPEN_LIVE, LanguageSource
from transcripts.services.errors import NoProvider, Refused
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts.wishes import of_arrival
from transcripts.services.transcript.successors import newer_than

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import LiveSession, ProcessingJob, ProviderAccount, Transcript
    from transcripts.providers.capabilities import Wishes

STILL_LIVE = "This session is still live. End it first; then the whole recording can be transcribed again."
NOT_THE_NEWEST = "There is a newer transcript of this recording. Open that one to transcribe it again."


def retranscribe(
    transcript: Transcript,
    *,
    actor: User,
    wishes: Wishes | None = None,
    language: str | None = None,
    account: ProviderAccount | None = None,
) -> ProcessingJob:
    """Begin to transcribe the whole recording again because a person asks for it.

    Without `wishes` and `language` it is done as it was before, with an empty `language` that is detected, without
    an `account` it is sent where new recordings go. Raises Refused while the recording is live, if there is a newer
    transcript, and while another job runs.
    """
    refuse_older(transcript)
    return jobs.start(
        transcript.recording,
        actor=actor,
        language=said_language(transcript) if language is None else language,
        wishes=said_wishes(transcript) if wishes is None else wishes,
        base_transcript=transcript,
        account=account,
    )


def refuse_older(transcript: Transcript) -> None:
    """Raise Refused if the transcript isn't that of the whole recording, or there is a newer one."""
    session = getattr(transcript.recording, "live_session", None)
    if session is not None and session.status in OPEN_LIVE:
        raise Refused("still_live", STILL_LIVE)
    if newer_than(transcript) is not None:
        raise Refused("not_newest", NOT_THE_NEWEST)


def said_wishes(transcript: Transcript) -> Wishes:
    """Return what was wished for the transcript; for one that no job made, what it came with."""
    return transcript.job.wishes if transcript.job else of_arrival(transcript.recording)


def said_language(transcript: Transcript) -> str:
    """Return the language that a person named for the transcript, or confirmed; empty if none did."""
    said = transcript.job.language if transcript.job else transcript.recording.language
    confirmed = transcript.language if transcript.language_source == LanguageSource.CHOSEN else ""
    return said or confirmed


def complete(session: LiveSession) -> None:
    """Begin to transcribe a session whose live words are not all there; do nothing if another job is at it already."""
    recording = session.recording
    # Without a provider its gaps are shown, and a person can ask for this once there is one
    with suppress(Refused, NoProvider):
        jobs.begin(recording, actor=session.owner, language=recording.language, base_transcript=session.transcript)
