"""Members whom a comment names: `@Olena`, or `@Olena Marchuk` if two of the team have that first name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from accounts.models import User
from transcripts.models import Mention
from transcripts.models.choices import NotificationKind
from transcripts.services import notifications

if TYPE_CHECKING:
    from transcripts.models import Comment


def write(comment: Comment) -> None:
    """Write whom the text of a comment names now: members of the team, who can all see it."""
    members = User.objects.filter(is_active=True, memberships__team=comment.transcript.recording.team_id)
    named = mentioned(comment.body, list(members.distinct())) if "@" in comment.body else []
    Mention.objects.filter(comment=comment).exclude(user__in=named).delete()
    known = set(Mention.objects.filter(comment=comment).values_list("user", flat=True))
    new = [user for user in named if user.pk not in known]
    Mention.objects.bulk_create(Mention(comment=comment, user=user) for user in new)
    notifications.notify(NotificationKind.MENTIONED, new, comment.transcript.recording, comment.author)


def mentioned(body: str, members: list[User]) -> list[User]:
    """Return the members whom a text names, by their name or address, or by a first name that only one of them has."""
    firsts = [_first(one) for one in members]
    return [one for one in members if _names(body, one, is_alone=firsts.count(_first(one)) == 1)]


def _names(body: str, user: User, *, is_alone: bool) -> bool:
    names = [user.email, user.name, *([_first(user)] if is_alone else [])]
    return any(re.search(rf"(?<!\w)@{re.escape(name)}(?!\w)", body, re.IGNORECASE) for name in names if name)


def _first(user: User) -> str:
    return (user.name or user.email.partition("@")[0]).split(" ")[0].casefold()
