"""The addresses that providers call when they are done, so that a long recording isn't asked about in vain.

An address holds the chunk it is about, signed: that works with every provider, of which some sign nothing themselves. A
call only brings the next status check forward, so it can be lost, come twice or come late; checks go on behind it.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.urls import reverse

from transcripts import clock, queue
from transcripts.models import Chunk, Step
from transcripts.models.choices import StepKind, StepStatus

SIGNER = Signer(salt="provider callback", sep=".")
# A check may have been answered so long after it began, and the provider's interval counts from the answer
ANSWERED_WITHIN = timedelta(seconds=5)


class Forged(Exception):
    """The address is none that this instance made."""


def address_for(chunk: Chunk) -> str:
    """Return what a provider calls about a chunk; empty if this instance has no address that others know."""
    if not settings.PUBLIC_URL:
        return ""
    return f"{settings.PUBLIC_URL}{reverse('provider_callback', args=[SIGNER.sign(str(chunk.pk))])}"


def note(token: str) -> None:
    """Bring the check of a submission forward, as far as the provider's interval allows. Raises Forged."""
    try:
        pk = int(SIGNER.unsign(token))
    except (BadSignature, ValueError) as error:
        raise Forged from error
    chunk = Chunk.objects.select_related("job__account").filter(pk=pk).first()
    step = _waiting(chunk) if chunk else None
    if chunk is None or step is None:
        return
    interval = timedelta(milliseconds=chunk.job.account.status_interval_ms)
    now = clock.now()
    due_at = max(now, step.started_at + ANSWERED_WITHIN + interval) if step.started_at else now
    later = Step.objects.filter(pk=step.pk, fence=step.fence, status=StepStatus.READY, due_at__gt=due_at)
    if later.update(due_at=due_at, woken_at=None) and due_at == now:
        queue.wake_round("check_round")


def _waiting(chunk: Chunk) -> Step | None:
    """Return the check that waits: of the chunk, or of the whole recording if that is one chunk."""
    mine = Q(chunk=chunk.pk) | Q(chunk=None) if chunk.index == 0 else Q(chunk=chunk.pk)
    return Step.objects.filter(mine, job=chunk.job_id, kind=StepKind.CHECK, status=StepStatus.READY).first()
