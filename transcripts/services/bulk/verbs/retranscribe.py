"""Transcribing recordings again. It is undone by cancelling what hasn't ended yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs, retranscription

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from transcripts.models import ProcessingJob, Recording
    from transcripts.services.bulk.verbs.base import Change

ENDED = "It was transcribed already. The earlier transcript is kept beside the new one."


class Retranscribe:
    """As it was done before, where new recordings go; corrections are merged."""

    is_quiet = False
    leads_to_trash = False

    def check(self, actor: User, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Nothing can be chosen."""
        return {}

    def do(self, recording: Recording, parameters: dict[str, Any], actor: User) -> Change:
        """Begin to transcribe a recording again."""
        return {}, {"job": str(_begin(recording, actor).pk)}

    def undo(self, recording: Recording, before: dict[str, Any], after: dict[str, Any], actor: User) -> None:
        """Cancel the job."""
        job = recording.jobs.filter(pk=after["job"]).first()
        if job is None or not jobs.cancel(job, actor=actor):
            raise Refused("changed_since", ENDED)


def _begin(recording: Recording, actor: User) -> ProcessingJob:
    transcript = recording.transcripts.order_by("-created_at").first()
    if transcript is not None:
        return retranscription.retranscribe(transcript, actor=actor)
    if recording.jobs.exists():
        return jobs.retry(recording, actor=actor)
    return jobs.start(recording, actor=actor, language=recording.language)
