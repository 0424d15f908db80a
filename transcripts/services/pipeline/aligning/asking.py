"""Whether the words of an answer are aligned, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from transcripts import clock
from transcripts.document.untimed import aligned
from transcripts.models import Alignment, ProviderAccount
from transcripts.models.choices import Stage, StepKind, WaitsFor
from transcripts.models.providers import Media
from transcripts.services.pipeline import jobs, steps
from transcripts.services.provider_accounts import languages
from transcripts.services.provider_accounts.routing import candidates, places
from transcripts.services.provider_accounts.routing.rules import Work

if TYPE_CHECKING:
    from transcripts.document import timing
    from transcripts.models import ProcessingJob
    from transcripts.services.pipeline.slices.understood import Understood

# How long a transcript waits for its times: no one waits longer for the text than they would gladly for its times
AT_LEAST, AT_MOST = timedelta(seconds=30), timedelta(minutes=2)
SHARE_OF_AUDIO = 6
# The speed of an engine is that of so many of its latest alignments
LATEST = 5
TOO_LATE = "The engine took longer than a transcript waits."


def asked(held: steps.Claim, job: ProcessingJob, found: Understood) -> bool:
    """Put the assembly off and have the words aligned, if any lacks its time and an engine can do so; tell whether.

    It is asked once a job. Raises steps.LostLease.
    """
    words = aligned.expected(found.said.segments)
    if not words or Alignment.objects.filter(job=job).exists():
        return False
    language, _ = languages.known_of(job, found.document.language)
    account = aligner_for(job.recording.team_id, language)
    if account is None or _expected(account, found.length_ms) > longest(found.length_ms):
        return False
    with transaction.atomic():
        steps.reschedule(held, due_at=clock.now() + longest(found.length_ms), waits_for=WaitsFor.TIMES)
        Alignment.objects.create(job=job, account=account, language=language, words=words, word_count=len(words))
        steps.add(job, StepKind.ALIGN)
        jobs.report_progress(job.pk, Stage.ALIGNING)
    return True


def longest(length_ms: int | None) -> timedelta:
    """Return how long a transcript waits for its times at most."""
    return min(AT_MOST, AT_LEAST + timedelta(milliseconds=length_ms or 0) / SHARE_OF_AUDIO)


def _expected(account: ProviderAccount, length_ms: int | None) -> timedelta:
    """Return how long the engine takes for so much audio, by its latest alignments; nothing if there are none.

    One that was given up took at least as long as it was waited for.
    """
    latest = Alignment.objects.filter(account=account, sent_at__isnull=False, ended_at__isnull=False)
    known = latest.filter(Q(times__isnull=False) | Q(reason=TOO_LATE), job__recording__duration_ms__gt=0)
    rows = known.order_by("-asked_at").values_list("sent_at", "ended_at", "job__recording__duration_ms")[:LATEST]
    took = sum((ended - sent for sent, ended, _ in rows if sent and ended), timedelta())
    heard = sum((timedelta(milliseconds=length or 0) for *_, length in rows), timedelta())
    return timedelta(milliseconds=length_ms or 0) * (took / heard) if heard else timedelta()


def aligner_for(team_id: int, language: str) -> ProviderAccount | None:
    """Return an engine inside this instance that can align words of a language now; None if there is none."""
    if not language:
        return None
    work = Work(team_id, language, Media.AUDIO)
    found = ProviderAccount.objects.filter(aligns=True).order_by("name")
    return next((one for one in found if places.is_inside(one) and not candidates.why_not(one, work)), None)


def with_times(job: ProcessingJob, found: Understood) -> timing.Timed:
    """Return what was said with the times that the words were found at; those still to come aren't waited for."""
    unended = Alignment.objects.filter(job=job, ended_at=None)
    unended.update(words=[], reason=TOO_LATE, ended_at=clock.now())
    alignment = Alignment.objects.filter(job=job).first()
    if alignment is None or alignment.times is None:
        return found.said
    times = [None if one is None else (one[0], one[1]) for one in alignment.times]
    return replace(found.said, segments=aligned.with_times(found.said.segments, times, found.length_ms, found.spoken))
