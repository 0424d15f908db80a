"""When someone speaks in a recording, for words that came without times."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from transcripts.media import speech
from transcripts.media.errors import MediaError
from transcripts.models import MediaFile
from transcripts.models.choices import MediaKind
from transcripts.services import storage

if TYPE_CHECKING:
    from transcripts.models import Recording

logger = logging.getLogger(__name__)


def stretches(recording: Recording) -> list[tuple[int, int]]:
    """Return from when to when someone speaks in a recording's provider audio (ms); nothing if it can't be read.

    It decodes the audio, which takes seconds for an hour.
    """
    audio = MediaFile.objects.filter(recording=recording, kind=MediaKind.AUDIO).first()
    if audio is None or not (path := storage.path_of(audio.storage_name)).exists():
        return []
    length_ms = int(audio.layout[-1]["end_ms"]) if audio.layout else recording.duration_ms or 0
    try:
        with storage.workspace() as folder:
            return speech.stretches(path, folder, length_ms)
    except MediaError as error:
        # The words are there all the same, their times estimated more coarsely
        logger.warning("Recording %s can't be listened to: %s", recording.pk, error.code)
        return []
