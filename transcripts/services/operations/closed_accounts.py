"""Erases what a deleted account leaves, once it can no longer be restored."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from accounts.self_service import deletion
from transcripts import clock
from transcripts.models import Grant, Notification, Recording
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)


def erase_due() -> None:
    """Erase each account whose time is over. One that is interrupted continues in the next round."""
    for user in deletion.to_erase():
        _erase(user)
        logger.info("Erased account %s", user.pk)


def _erase(user: User) -> None:
    for team in deletion.teams_of_one(user):
        for recording in Recording.objects.filter(team=team):
            Recording.objects.filter(pk=recording.pk, deleted_at=None).update(deleted_at=clock.now())
            trash.purge(recording)
        team.delete()
    Notification.objects.filter(user=user).delete()
    Grant.objects.filter(user=user).delete()
    deletion.anonymise(user)
