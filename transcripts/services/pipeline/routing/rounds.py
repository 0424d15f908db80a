"""What the conductor moves: jobs whose account can't take them, and jobs that another account of the kind can send now.

Without a rule and without a team that keeps its audio here, nothing is moved and one query asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from transcripts import clock, throttle
from transcripts.models import MediaFile, ProcessingJob, ProviderAccount, Route, Step, TeamDefaults
from transcripts.models.choices import ACTIVE_JOB, MediaKind, StepKind, StepStatus, WaitsFor
from transcripts.models.providers import Media
from transcripts.services.errors import NoProvider
from transcripts.services.pipeline import fair_queue
from transcripts.services.pipeline.routing import choice, moves
from transcripts.services.pipeline.slices.sending import length_of
from transcripts.services.provider_accounts import accounts
from transcripts.services.provider_accounts.routing import candidates, places
from transcripts.services.provider_accounts.routing.rules import Work, alike

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.db.models import QuerySet

# So many a tick: the conductor has other work too
AT_ONCE = 64


WAITS = Q(status__in=ACTIVE_JOB, steps__kind=StepKind.SUBMIT, steps__status=StepStatus.READY)


class Group(NamedTuple):
    """Jobs that wait at one account and are the same to the rules."""

    account_id: int
    team_id: int
    language: str
    has_video: bool
    is_fixed: bool

    @property
    def work(self) -> Work:
        """What they are to the rules."""
        return Work(self.team_id, self.language, Media.VIDEO if self.has_video else Media.AUDIO)

    def jobs(self) -> QuerySet[ProcessingJob]:
        """Return them, the oldest first."""
        same = {"recording__team": self.team_id, "recording__has_video": self.has_video}
        found = ProcessingJob.objects.filter(WAITS, account=self.account_id, language=self.language, **same)
        return found.filter(is_account_chosen=self.is_fixed).order_by("created_at", "pk").distinct()


def move_waiting() -> None:
    """Move what waits at an account that can't take it, then share what waits between accounts of a kind."""
    if not Route.objects.exists() and not TeamDefaults.objects.filter(keeps_audio=True).exists():
        return
    groups = _groups(ProcessingJob.objects.filter(WAITS))
    known = ProviderAccount.objects.in_bulk({group.account_id for group in groups})
    _move_stuck(groups, known)
    for account in known.values():
        _share(account)


def _move_stuck(groups: list[Group], known: Mapping[int, ProviderAccount]) -> None:
    """Move some of the jobs of each group whose account can't take them."""
    keeping = places.keeping({group.team_id for group in groups})
    away: dict[tuple[int, str], bool] = {}
    for group in groups:
        account, key = known[group.account_id], (group.account_id, group.language)
        if group.team_id in keeping and not places.is_inside(account):
            _move(group, account)
        elif not group.is_fixed:
            if key not in away:
                away[key] = _is_away(account, group.work)
            if away[key]:
                _move(group, account)


def move_of_team(team_id: int) -> None:
    """Move what a team has waiting outside, and may not be sent there; what waits for a place is looked at again."""
    for group in _groups(ProcessingJob.objects.filter(WAITS, recording__team=team_id)):
        account = ProviderAccount.objects.get(pk=group.account_id)
        if not places.may_have(account, team_id):
            _move(group, account)
    waiting = Step.objects.filter(kind=StepKind.SUBMIT, status=StepStatus.READY, waits_for=WaitsFor.PLACE)
    mine = list(waiting.filter(job__recording__team=team_id).values_list("pk", flat=True))
    again = {"due_at": clock.now(), "patient_since": clock.now(), "woken_at": None, "waits_for": "", "last_error": ""}
    Step.objects.filter(pk__in=mine, status=StepStatus.READY, waits_for=WaitsFor.PLACE).update(**again)


def _groups(waiting: QuerySet[ProcessingJob]) -> list[Group]:
    columns = ("account_id", "recording__team_id", "language", "recording__has_video", "is_account_chosen")
    return [Group(*row) for row in waiting.order_by().values_list(*columns).distinct()]


def _move(group: Group, account: ProviderAccount) -> None:
    """Move some of the jobs to another account, if one can take them."""
    for job in group.jobs()[:AT_ONCE]:
        to = choice.other_than(account, group.work, audio_of(job.recording_id))
        if to is None:
            return
        moves.move(job.pk, account, to)


def _is_away(account: ProviderAccount, work: Work) -> bool:
    """Tell whether the account can't take work now, or not for long because its provider asked to wait."""
    return bool(candidates.why_not(account, work)) or throttle.cooling_ms(account.pk) > choice.FULL_S * 1000


def _share(account: ProviderAccount) -> None:
    """Let accounts that share the work send what waits here, as far as they have slots free and this one has none."""
    if _free_slots(account):
        return
    free: dict[int, int] = {}
    sharing: dict[Work, list[ProviderAccount]] = {}
    for step in fair_queue.in_order(account.pk).select_related("job__recording")[:AT_ONCE]:
        job = step.job
        if job.is_account_chosen or step.due_at > clock.now():
            continue
        work = choice.work_of(job.recording, job.language)
        if work not in sharing:
            sharing[work] = _sharing(account, work)
        for other in sharing[work]:
            if other.pk not in free:
                free[other.pk] = max(0, _free_slots(other) - fair_queue.in_order(other.pk).count())
            if free[other.pk] and moves.move(job.pk, account, choice.Choice(other)):
                free[other.pk] -= 1
                break


def _sharing(account: ProviderAccount, work: Work) -> list[ProviderAccount]:
    """Return the other accounts that share the work with this one and can take some now."""
    try:
        groups = alike(candidates.listed(work), candidates.kind_of)
    except NoProvider:
        return []
    mine = next((group for group in groups if account in group), [])
    return [other for other in mine if other != account and not candidates.why_not(other, work)]


def _free_slots(account: ProviderAccount) -> int:
    """Return how many uploads can begin now; without a limit, more than there are."""
    slots = throttle.slots(accounts.window(account))
    if not account.upload_limit:
        return 0 if slots else AT_ONCE
    return slots.count(0)


def audio_of(recording_id: UUID) -> choice.Audio:
    """Return what is known of the audio that is sent of a recording."""
    audio = MediaFile.objects.select_related("recording").filter(recording=recording_id, kind=MediaKind.AUDIO).first()
    return choice.Audio(audio.bytes, length_of(audio)) if audio else choice.Audio()
