"""One change at a time of whom a recording is shared with, by someone who may share it then."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import access
from transcripts.access import Level
from transcripts.models import Recording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User


@contextmanager
def shareable(recording: Recording, actor: User) -> Iterator[Recording]:
    """Change grants and links in a transaction that no other change of them comes between.

    What the actor may do is read after the lock was taken. Raises access.NotFound and access.NotAllowed. The lock lets
    others refer to the recording: an edit of its transcript never waits.
    """
    with transaction.atomic():
        Recording.objects.select_for_update(no_key=True).filter(pk=recording.pk).first()
        yield access.get_recording(actor, recording.pk, need=Level.DECIDE)
