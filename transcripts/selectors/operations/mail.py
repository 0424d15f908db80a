"""Mail that failed, without its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.urls import reverse

from accounts.models import Mail, MailStatus
from transcripts.selectors.operations.parts import Act, Problem
from transcripts.services.operating.words import counted

if TYPE_CHECKING:
    from datetime import datetime


def problems() -> list[Problem]:
    """Return the mails that were given up, grouped by why, in one query."""
    rows = Mail.objects.filter(status=MailStatus.FAILED).exclude(text="").order_by().values("error")
    found = rows.annotate(n=Count("pk"), since=Min("created_at")).values_list("error", "n", "since")
    return [_problem(error, count, since) for error, count, since in found]


def _problem(error: str, count: int, since: datetime) -> Problem:
    mails = counted(count, "mail")
    act = Act("send_mail_again", "Send again", error, f"Send {mails} again.")
    href = f"{reverse('admin:accounts_mail_changelist')}?status__exact={MailStatus.FAILED}"
    why = f"{error} {mails} {'was' if count == 1 else 'were'} given up. Check EMAIL_URL, then send again."
    return Problem(f"mail-{count}-{len(error)}", "Mail isn’t delivered", why, since, (act,), href=href)
