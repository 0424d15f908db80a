"""What can be shared: a recording, or a folder with what is in it. Who may share it, and what is written and told."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import transaction

from transcripts import access, events
from transcripts.access import Level
from transcripts.models import Folder, Recording
from transcripts.services import activities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from accounts.models import User

Target = Recording | Folder
T = TypeVar("T", bound=Recording | Folder)


@contextmanager
def shareable(target: T, actor: User) -> Iterator[T]:
    """Change grants and links in a transaction that no other change of them comes between.

    What the actor may do is read after the lock was taken. Raises access.NotFound and access.NotAllowed. The lock lets
    others refer to the row: an edit of a transcript never waits.
    """
    with transaction.atomic():
        rows: QuerySet[Recording] | QuerySet[Folder] = type(target)._default_manager.all()
        rows.select_for_update(no_key=True).filter(pk=str(target.pk)).first()
        yield cast("T", _allowed(target, actor))


def _allowed(target: Target, actor: User) -> Target:
    if isinstance(target, Folder):
        return access.get_folder(actor, target.pk, need=Level.DECIDE)
    return access.get_recording(actor, target.pk, need=Level.DECIDE)


def record(verb: str, target: Target, *, actor: User, **data: Any) -> None:
    """Write down what happened to what is shared."""
    if isinstance(target, Folder):
        activities.record_for_folder(verb, target, actor=actor, **data)
    else:
        activities.record(verb, target, actor=actor, **data)


def tell(target: Target) -> None:
    """Tell the pages of the team that owns it."""
    if isinstance(target, Folder):
        events.publish_to_team("library.changed", target.team_id)
    else:
        events.publish("recording.changed", target)
