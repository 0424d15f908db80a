"""What fails and is tried again, and what failed permanently for a reason that an operator can remove, by cause."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zlib import crc32

from django.db.models import F, Q
from django.urls import reverse

from transcripts.models import ProcessingJob, Step
from transcripts.models.choices import JobStatus, StepStatus
from transcripts.selectors.operations.parts import Act, Item, Problem
from transcripts.selectors.status import sentence_of
from transcripts.services.operating.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

SINCE = timedelta(days=7)
# More are counted as "500 or more"; the lists have all of them
MOST_ROWS = 500
SHOWN = 5
DOING = {
    "prepare": "Preparing fails",
    "submit": "Sending fails",
    "check": "Status checks fail",
    "align": "Aligning words fails",
    "assemble": "Assembling transcripts fails",
}
# What ended for a reason that isn't the file's, and what to do first.
CAUSES: dict[str, tuple[str, str]] = {
    "authentication_failed": (
        "The provider refused the key",
        "Set the key in the environment and restart, check the account, then retry.",
    ),
    "quota_exceeded": ("The provider’s quota is used up", "Renew it with the provider, then retry."),
    "unreachable": ("The provider couldn’t be reached for a day", "Check the account, then retry."),
    "provider_busy": ("The provider was too busy for a day", "Retry when it answers again."),
    "rate_limited": ("The provider limited requests for a day", "Lower the account’s limit, then retry."),
    "unknown_job": ("The provider lost the recording", "Retrying sends it once more."),
    "never_finished": ("The provider never finished", "Retrying sends it once more."),
    "unreadable_answer": ("The provider’s answer can’t be read", "The answer is saved. Retrying sends and pays again."),
    "unclear": ("The connection broke while sending", "Retrying sends once more, and may be paid twice."),
    "sound_missing": ("Prepared audio is missing", "Retrying prepares it again."),
    "worker_died": ("Crashed its worker three times", "The file may be damaged. Retry after an update, or leave it."),
    "unexpected": ("An unexpected error", "The reason is in the log. Retry once it is fixed."),
    "quota": ("A team has used its minutes", "Raise the team’s limit, then retry."),
}


@dataclass(frozen=True, slots=True)
class Failing:
    """A step or job that failed, as a problem groups it."""

    job_id: UUID
    recording_id: UUID
    title: str
    since: datetime | None


def retried(now: datetime) -> list[Problem]:
    """Return what failed and will be tried again automatically, grouped by what was said."""
    ready = Q(status=StepStatus.READY) & (~Q(last_error="") | Q(kills__gt=0))
    rows = Step.objects.filter(ready | Q(status=StepStatus.RUNNING, kills__gt=0)).order_by("created_at").values_list(
        "kind", "last_error", "kills", "due_at", "job_id", "job__recording_id", "job__recording__title",
        "created_at", "job__account_id", "job__account__name",
    )  # fmt: skip
    groups: dict[tuple[str, str, int, str], list[Failing]] = defaultdict(list)
    next_at: dict[tuple[str, str, int, str], datetime] = {}
    for kind, error, kills, due_at, job, recording, title, created, account, name in rows[:MOST_ROWS]:
        is_of_provider = kind in ("submit", "check") and not kills
        key = (kind, f"kills:{kills}" if kills else error, *((account, name) if is_of_provider else (0, "")))
        groups[key].append(Failing(job, recording, title, created))
        next_at[key] = min(due_at, next_at.get(key, due_at))
    return [_retried_problem(key, found, next_at[key], now) for key, found in groups.items()]


def failed(now: datetime) -> list[Problem]:
    """Return what failed permanently within a week and is still not transcribed, by cause."""
    rows = (
        ProcessingJob.objects.filter(
            status=JobStatus.FAILED,
            finished_at__gte=now - SINCE,
            error_code__in=CAUSES,
            left_at=None,
            recording__deleted_at=None,
            recording__latest_job=F("pk"),
        )
        .order_by("-finished_at")
        .values_list("error_code", "pk", "recording_id", "recording__title", "finished_at")
    )
    groups: dict[str, list[Failing]] = defaultdict(list)
    for code, job, recording, title, at in rows[:MOST_ROWS]:
        groups[code].append(Failing(job, recording, title, at))
    return [_failed_problem(code, found) for code, found in groups.items()]


def _retried_problem(key: tuple[str, str, int, str], found: list[Failing], next_at: datetime, now: datetime) -> Problem:
    kind, error, account, name = key
    is_killing = error.startswith("kills:")
    how_many = counted(len(found), "recording")
    what = "Crashed its worker" if is_killing else DOING[kind]
    why = (
        f"The worker ended {counted(int(error[6:]), 'time')} while it worked on {how_many}; after three it stops."
        if is_killing
        else f"{sentence_of(error)} {how_many} {'waits' if len(found) == 1 else 'wait'}; nothing is lost."
    )
    ids = ",".join(str(one.job_id) for one in found)
    acts = [] if is_killing else [_ask_now(kind, account, name, ids)]
    acts.append(_stop(ids, how_many))
    href = (
        f"{reverse('admin:transcripts_step_changelist')}?{urlencode({'kind__exact': kind, 'status__exact': 'ready'})}"
    )
    return Problem(
        key=f"retried-{kind}-{crc32(repr(key).encode())}",
        what=f"{what}: {name}" if name else what,
        why=why,
        since=min((one.since for one in found if one.since), default=None),
        acts=tuple(acts),
        href=href,
        items=items_of(found),
        is_notice=next_at > now and not is_killing,
        account_id=account,
    )


def _ask_now(kind: str, account: int, name: str, ids: str) -> Act:
    if kind in ("submit", "check"):
        return Act(
            "ask_now", "Ask the provider again", ids, f"Ask {name} again now, without waiting for the next attempt."
        )
    return Act("ask_now", "Retry this stage now", ids, "Try again now, without waiting for the next attempt.")


def _stop(ids: str, how_many: str) -> Act:
    return Act(
        "fail_jobs",
        "Stop",
        ids,
        f"Stop the transcription of {how_many} with a reason that its people read. The files are kept.",
        wants_reason="This recording couldn’t be transcribed. Convert the file and upload it again.",
    )


def _failed_problem(code: str, found: list[Failing]) -> Problem:
    what, advice = CAUSES[code]
    how_many = counted(len(found), "recording")
    if len(found) >= MOST_ROWS:
        how_many = f"{MOST_ROWS} recordings or more"
    query = urlencode({"status__exact": JobStatus.FAILED, "error_code": code})
    return Problem(
        key=f"failed-{code}",
        what=what,
        why=f"{how_many} {'is' if len(found) == 1 else 'are'} not transcribed. {advice}",
        since=min((one.since for one in found if one.since), default=None),
        acts=(
            Act("retry_failed", "Retry", code, f"Retry {how_many}. What was finished is kept and not paid for twice."),
            Act("leave_failed", "Leave", code, f"Take {how_many} off this page. Their owners can still retry."),
        ),
        href=f"{reverse('admin:transcripts_processingjob_changelist')}?{query}",
        items=items_of(found),
    )


def items_of(found: Iterable[Failing]) -> tuple[Item, ...]:
    """Return the first few rows of a problem, each with its page in the console."""
    return tuple(
        Item(one.title, reverse("admin:transcripts_processingjob_change", args=[one.job_id]))
        for one in list(found)[:SHOWN]
    )
