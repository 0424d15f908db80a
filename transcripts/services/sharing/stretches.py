"""The audio of links that show a stretch alone: cut by a worker when a guest first asks for it.

The file is named after the recording and the stretch, and no row names it: housekeeping removes it a day after the last
guest opened the page, and it is cut again for the next one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from transcripts import access, queue
from transcripts.media import stretches
from transcripts.media.errors import MediaError
from transcripts.models.choices import MediaKind
from transcripts.services import storage
from transcripts.services.recordings import missing_files

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from transcripts.models import MediaFile, Share


def is_stretch(share: Share) -> bool:
    """Tell whether the link shows a stretch of the recording alone."""
    return share.from_ms is not None and share.until_ms is not None


def audio_of(share: Share) -> Path | None:
    """Return the file with the audio of the link's stretch; without one a worker is asked for it, and None returned."""
    path = storage.path_of(_name(share))
    try:
        os.utime(path)  # it is in use: housekeeping leaves it for another day
    except FileNotFoundError:
        queue.wake_stretch(share.pk)
        return None
    return path


def cut(share_id: UUID) -> None:
    """Cut the audio of a link's stretch, unless it is there or the link has ended."""
    share = access.open_shares().filter(pk=share_id, from_ms__isnull=False).first()
    if share is None or storage.path_of(_name(share)).exists():
        return
    file = share.recording.media_files.filter(kind=MediaKind.AUDIO).first()
    if file is None:
        return
    source = storage.path_of(file.storage_name)
    if not source.exists():
        missing_files.report_missing(file)
        return
    storage.require_free_space()
    with storage.workspace() as folder:
        try:
            made = stretches.cut(source, folder, _spans(file, share))
        except MediaError:
            return  # nothing is said there that could be played
        storage.store(made, _name(share))


def _spans(file: MediaFile, share: Share) -> list[tuple[int, int]]:
    """Return where the stretch is in the provider audio: in each of its tracks, which are one after the other."""
    from_ms, until_ms = share.from_ms or 0, share.until_ms or 0
    placed = [
        (track["start_ms"] + from_ms, min(track["start_ms"] + until_ms, track["end_ms"])) for track in file.layout
    ]
    return [span for span in placed if span[0] < span[1]] or [(from_ms, until_ms)]


def _name(share: Share) -> str:
    return f"derived/{share.recording_id}/stretch-{share.from_ms}-{share.until_ms}.{stretches.STRETCH_EXTENSION}"
