"""A person's notifications, as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from transcripts import access
from transcripts.models import Notification, Transcript
from transcripts.services.notifications import Wish, path_of, sentence_of, wishes_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from transcripts.models.choices import NotificationKind

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A notification with what it says."""

    notification: Notification
    sentence: str


def newest(user: User) -> list[Entry]:
    """Return the newest notifications about what the person can still see."""
    found = _shown_to(user).select_related("recording", "folder", "team").order_by("-pk")[:MOST_SHOWN]
    return [Entry(one, sentence_of(one)) for one in found]


def unread(user: User) -> int:
    """Return how many notifications a person has not read."""
    mine = Notification.objects.filter(user=user, is_shown=True, read_at=None)
    # Every page asks, and mostly there are none: what they are about is asked only of those that there are
    return _shown_to(user).filter(read_at=None).count() if mine.exists() else 0


def target_of(notification: Notification) -> str:
    """Return the address of what a notification is about: the newest transcript, or its recording; a folder."""
    if notification.recording is None:
        return path_of(notification.about)
    transcript = Transcript.objects.filter(recording=notification.recording_id).order_by("-created_at").first()
    return (transcript or notification.recording).get_absolute_url()


def wishes(user: User) -> list[tuple[NotificationKind, Wish]]:
    """Return how a person wants to be told of each kind, in the order of the page."""
    return list(wishes_of(user).items())


def _shown_to(user: User) -> QuerySet[Notification]:
    mine = Notification.objects.filter(user=user, is_shown=True)
    about = Q(recording__in=access.recordings_of(user)) | Q(folder__in=access.folders_of(user))
    return mine.filter(about | Q(team__in=access.team_ids_of(user.pk)))
