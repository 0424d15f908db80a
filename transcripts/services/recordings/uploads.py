"""Uploads begun and given up; their bytes arrive in `parts.py`."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F, Sum

from transcripts import clock
from transcripts.media.errors import EmptyFile
from transcripts.models import Upload
from transcripts.models.choices import UploadStatus
from transcripts.services import quotas, storage
from transcripts.services.provider_accounts import selection
from transcripts.services.provider_accounts.wishes import of_team
from transcripts.services.recordings import batches
from transcripts.services.recordings.parts import EXPIRES_AFTER
from transcripts.services.recordings.upload_refusals import Arrived, Empty, NoRoom, TooLarge
from transcripts.services.transcript.imports import files

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import Team, User
    from transcripts.providers.capabilities import Wishes


def create(
    *,
    owner: User,
    team: Team,
    filename: str,
    length: int,
    language: str | None = "",
    wishes: Wishes | None = None,
    folder: int | None = None,
    metadata: str = "",
    transcript: UUID | None = None,
    batch: batches.Named | None = None,
) -> Upload:
    """Begin an upload of `length` bytes; `metadata` is what its sender said of it, to be told back as it came.

    Without a `language` (None) it has that of the team's defaults, as without `wishes`; an empty one has the provider
    detect it. A `folder` that the team doesn't have, any more or ever, is left out, as one is that is deleted later.

    Its bytes are reserved from now on; `transcript` is an imported file that belongs to it. Without a provider it is
    taken too, and transcribed once there is one. Raises Empty, TooLarge, NoRoom, or Refused for an unknown language, a
    used-up quota or an imported file that is gone.
    """
    if not length:
        raise Empty(EmptyFile.sentence)
    if length > settings.MAX_UPLOAD_BYTES:
        most = settings.MAX_UPLOAD_BYTES / 1024**3
        raise TooLarge(
            f"This file is larger than the {most:.3g} GB that fit here. Ask an administrator for more space."
        )
    language = selection.language_for(team.pk, language)
    name = clean_filename(filename)
    fields = {"owner": owner, "team": team, "filename": name, "language": language, "length": length}
    place = team.folders.filter(pk=folder).first() if folder else None
    fields |= (wishes or of_team(team.pk)).columns()
    fields |= {"metadata": metadata, "folder": place, "batch": batches.of_upload(batch, owner=owner, team=team)}
    with quotas.one_at_a_time(team):
        quotas.refuse_upload(team, owner, length)
        _require_room(length)
        upload = Upload.objects.create(**fields, expires_at=clock.now() + EXPIRES_AFTER)
        files.attach(transcript, upload)
    return upload


def terminate(upload: Upload) -> None:
    """Give up an upload that is not complete, and its bytes. Raises Arrived for one that is."""
    if Upload.objects.filter(pk=upload.pk).transition(UploadStatus.ABANDONED):
        storage.remove(upload.storage_name)
    elif Upload.objects.filter(pk=upload.pk, status=UploadStatus.COMPLETE).exists():
        raise Arrived("This file is already uploaded. Delete its recording instead.")


def clean_filename(name: str) -> str:
    """Make what a sender calls a file fit to show: no folders, nothing invisible, at most 255 characters.

    It is never used as a name on disk.
    """
    visible = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    last = re.split(r"[/\\]", visible)[-1].strip()
    if len(last) > 255:
        suffix = PurePosixPath(last).suffix[:20]
        last = last[: 255 - len(suffix)] + suffix
    return last or "recording"


def _require_room(length: int) -> None:
    """Raise NoRoom if the file does not fit beside what other uploads under way were promised."""
    receiving = Upload.objects.filter(status=UploadStatus.RECEIVING)
    promised = receiving.aggregate(all=Sum(F("length") - F("offset")))["all"] or 0
    if length + promised > storage.free_bytes():
        raise NoRoom(
            "The server has no space for this file at the moment. "
            "Try again later, or ask an administrator to free some."
        )
