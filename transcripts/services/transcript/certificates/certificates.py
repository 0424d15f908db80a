"""Certificates of approved transcripts: issued here, and checked against the keys of this instance."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from transcripts import certificates, clock
from transcripts.models import Transcript
from transcripts.models.choices import TranscriptStatus
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript.certificates import keys
from transcripts.services.transcript.certificates.contents import contents, moment

if TYPE_CHECKING:
    from transcripts.access import Actor
    from transcripts.certificates import Sum, Verdict

NOT_APPROVED = "Approve the transcript first: a certificate says who approved it, and when."

CHANGED = "This transcript changed while its certificate was made. Look at the changes, then try again."


def issue(transcript: Transcript, *, issuer: str, actor: Actor) -> bytes:
    """Return the certificate of a transcript as it was approved. `issuer` is the address of this instance.

    Raises Refused if it is not approved, if its recording is missing, or if it is changed at this moment.
    """
    approval = transcript.status_edit
    if transcript.status != TranscriptStatus.APPROVED or approval is None:
        raise Refused("not_approved", NOT_APPROVED)
    said = contents(transcript, approval)
    if Transcript.objects.values_list("changes", flat=True).get(pk=transcript.pk) != said.change:
        raise Refused("transcript_changed", CHANGED)
    file = certificates.issue(said, keys.active(), issuer=issuer, issued_at=moment(clock.now()))
    activities.record("transcript:certified", transcript.recording, actor=actor, transcript=str(transcript.pk))
    return file


def check(file: IO[bytes], *, media: Sum | None = None) -> Verdict:
    """Check a certificate against the keys of this instance. Raises certificates.NotACertificate."""
    return certificates.verify(file, [one.key for one in keys.known()], media=media)
