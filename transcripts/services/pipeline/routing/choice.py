"""Which account a new job goes to: the first of its list that can take it and isn't full for long.

How long a queue takes is worked out from the rows alone, so it can be asked inside a transaction.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from transcripts.models import Step
from transcripts.models.choices import ACTIVE_STEP, StepKind
from transcripts.models.providers import Media
from transcripts.services.errors import NoProvider
from transcripts.services.pipeline.upload_slots import seconds_until
from transcripts.services.provider_accounts import accounts, limits
from transcripts.services.provider_accounts.routing import candidates, places
from transcripts.services.provider_accounts.routing.rules import Work, alike
from transcripts.services.transcript.imports import files

if TYPE_CHECKING:
    from transcripts.models import ProcessingJob, ProviderAccount, Recording

# A queue that takes longer is full for long: the next account takes new work while its own queue is shorter
FULL_S = 600
SENTENCE = "Waits for {}, because {} {}."


class Choice(NamedTuple):
    """An account, and why it isn't the first of the list; empty if it is. A fixed one is waited for."""

    account: ProviderAccount
    because: str = ""
    is_fixed: bool = False


class Audio(NamedTuple):
    """What is known of the audio to send: bytes and length; of nothing prepared yet, neither."""

    size: int = 0
    length_ms: int = 0


UNKNOWN = Audio()


def work_of(recording: Recording, language: str, *, has_video: bool | None = None) -> Work:
    """Return what a recording is to the rules."""
    is_video = recording.has_video if has_video is None else has_video
    return Work(recording.team_id, language, Media.VIDEO if is_video else Media.AUDIO)


def for_new(recording: Recording, language: str, asked: ProviderAccount | None = None) -> Choice:
    """Return the account for a new job: the one that a person asked for, else that of the list.

    An imported text without times needs the engine of this machine. Raises NoProvider, and Refused if the team's audio
    may not be sent to what is asked for.
    """
    if asked is not None:
        return _asked(asked, work_of(recording, language))
    file = files.waiting(recording.pk)
    local = files.local_engine() if file is not None and not file.has_times else None
    return Choice(local, is_fixed=True) if local else account_for(work_of(recording, language))


def _asked(asked: ProviderAccount, work: Work) -> Choice:
    """Return what a person asked for; if the list says the same, another may take its place."""
    places.refuse_outside(asked, work.team_id)
    with suppress(NoProvider):
        usual = account_for(work)
        return usual if usual.account == asked else Choice(asked, is_fixed=True)
    return Choice(asked, is_fixed=True)


def require_key(recording: Recording) -> None:
    """Raise NoProvider if the recording is to be transcribed and can't be; with an imported file it need not be."""
    if files.waiting(recording.pk) is None:
        accounts.with_key(account_for(work_of(recording, recording.language)).account)


def account_for(work: Work, audio: Audio = UNKNOWN) -> Choice:
    """Return the account for new work; if none of the list can take it, the first. Raises NoProvider."""
    found = candidates.listed(work)
    return _of(found, found[0], work, audio) or Choice(found[0])


def other_than(account: ProviderAccount, work: Work, audio: Audio) -> Choice | None:
    """Return another account of the list that can take work of this one; None if there is none."""
    try:
        found = [one for one in candidates.listed(work) if one != account]
    except NoProvider:
        return None
    return _of(found, account, work, audio)


def _of(found: list[ProviderAccount], first: ProviderAccount, work: Work, audio: Audio) -> Choice | None:
    able = [account for account in found if not why_not(account, work, audio)]
    if not able:
        return None
    chosen = _soonest(able)
    return Choice(chosen, _because(first, chosen, work, audio))


def why_not(account: ProviderAccount, work: Work, audio: Audio) -> str:
    """Say why the account can't take this, after its name; empty if it can."""
    return candidates.why_not(account, work) or ("" if takes(account, audio) else "doesn’t take audio of this size")


def takes(account: ProviderAccount, audio: Audio) -> bool:
    """Tell whether the provider takes the audio, whole or in slices."""
    size, length_ms = audio
    return limits.objection(account, size=size, length_ms=length_ms) is None or limits.must_be_cut(
        account, size=size, length_ms=length_ms
    )


def _soonest(able: list[ProviderAccount]) -> ProviderAccount:
    """Return the shortest queue of the first accounts whose queue isn't full; if all are, the shortest there is."""
    groups = alike(able, candidates.kind_of)
    best = [min(group, key=seconds_of_queue) for group in groups]
    free = (account for account in best if seconds_of_queue(account) <= FULL_S)
    return next(free, min(best, key=seconds_of_queue))


def seconds_of_queue(account: ProviderAccount) -> float:
    """Return about how long it takes until one more recording is sent to the account.

    Without a limit that isn't known; then of two the one with fewer waiting comes first, and neither is full.
    """
    waiting = Step.objects.filter(
        kind__in=(StepKind.PREPARE, StepKind.SUBMIT), status__in=ACTIVE_STEP, job__account=account
    ).count()
    window = accounts.window(account)
    seconds = seconds_until(waiting + 1, [0] * window.count, window)
    return waiting / 1_000_000 if seconds is None else seconds


def _because(first: ProviderAccount, chosen: ProviderAccount, work: Work, audio: Audio) -> str:
    if chosen == first or candidates.kind_of(first) == candidates.kind_of(chosen):
        return ""
    why = why_not(first, work, audio)
    if not why and not places.may_have(first, work.team_id):
        why = "is outside this instance"
    return SENTENCE.format(chosen, first, why or "has a long queue")


def takes_slices(to: Choice, job: ProcessingJob) -> bool:
    """Tell whether the account takes the slices that a job was laid out in for another one."""
    spans = [end_ms - start_ms for start_ms, end_ms in job.chunks.values_list("start_ms", "end_ms")]
    return len(spans) < 2 or max(spans) <= limits.longest_slice_ms(to.account, max(spans))
