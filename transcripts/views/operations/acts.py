"""What operators do from the first page: one address, a row of ACTS each, and a line in the console's log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.models import Mail
from transcripts.models import LiveSession, ProcessingJob, ProviderAccount
from transcripts.services.errors import Refused
from transcripts.services.operating import drills, jobs, machine
from transcripts.views.operations.operators import OperatorRequest, operators_only

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import Model
    from django.http import HttpResponse

    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Doing:
    """How an act is done: by which service, and about which kind of row. Some are for superusers.

    `do` is given the target, the person and the fields that were posted; `page` is shown afterwards.
    """

    do: Callable[[str, User, Mapping[str, str]], str]
    about: type[Model] = ProcessingJob
    for_superusers: bool = False
    page: str = "admin:index"


def _plain(do: Callable[[str, User], str]) -> Callable[[str, User, Mapping[str, str]], str]:
    return lambda target, actor, _: do(target, actor)


def _account(do: Callable[[ProviderAccount, User], str]) -> Doing:
    return Doing(lambda target, actor, _: do(machine.account_of(target), actor), ProviderAccount, for_superusers=True)


def _session(do: Callable[[UUID, User], str]) -> Doing:
    return Doing(lambda target, actor, _: do(_uuid(target), actor), LiveSession)


def _fail_jobs(target: str, actor: User, posted: Mapping[str, str]) -> str:
    return jobs.fail_jobs(target, actor, posted.get("reason", ""))


def _begin_drill(target: str, actor: User, posted: Mapping[str, str]) -> str:
    account = machine.account_of(target)
    return drills.begin(account, actor, posted.get("kind", ""), posted.get("minutes", ""))


ACTS: dict[str, Doing] = {
    "ask_now": Doing(_plain(jobs.ask_now)),
    "fail_jobs": Doing(_fail_jobs),
    "retry_failed": Doing(_plain(jobs.retry_failed)),
    "leave_failed": Doing(_plain(jobs.leave_failed)),
    "pause_account": _account(machine.pause_account),
    "resume_account": _account(machine.resume_account),
    "check_account": _account(machine.check_account),
    "end_cooldown": _account(machine.end_cooldown),
    "release_slots": _account(machine.release_slots),
    "begin_drill": Doing(_begin_drill, ProviderAccount, for_superusers=True, page="operations_drill"),
    "end_drill": _account(drills.end),
    "end_session": _session(machine.end_session),
    "save_session": _session(machine.save_session),
    "send_mail_again": Doing(_plain(machine.send_mail_again), Mail, for_superusers=True),
    "clean_up": Doing(_plain(machine.clean_up)),
    "refresh_statistics": Doing(_plain(machine.refresh_statistics), for_superusers=True),
}


@require_POST
@operators_only
def act(request: OperatorRequest, name: str) -> HttpResponse:
    """Do something and say what came of it; the page then shows how it is now."""
    doing = ACTS.get(name)
    if doing is None:
        raise Http404
    target = request.POST.get("target", "")
    if lack := _lack_of(request.user, doing):
        messages.error(request, lack)
        return redirect(doing.page)
    try:
        answer = doing.do(target, request.user, request.POST)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        _log(request.user, doing.about, target, answer)
        messages.success(request, answer)
    return redirect(doing.page)


def _lack_of(user: User, doing: Doing) -> str:
    """Say what the person lacks to do this; nothing if they may."""
    if doing.for_superusers and not user.is_superuser:
        return "Only superusers can do this. Ask one of them."
    if not user.has_perm("transcripts.change_processingjob"):
        return "You can look, but not change anything here. A superuser can give you the permission to change jobs."
    return ""


def _log(user: User, about: type[Model], target: str, answer: str) -> None:
    """Write a line that says who did it."""
    LogEntry.objects.create(
        user_id=user.pk,
        content_type=ContentType.objects.get_for_model(about),
        object_id=target[:100],
        object_repr=answer[:200],
        action_flag=CHANGE,
        change_message=answer,
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("nothing_to_do", "There is nothing to be done about this any more.") from None
