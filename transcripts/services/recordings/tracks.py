"""Which audio tracks of a recording are transcribed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.models import Recording
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models import User


@transaction.atomic
def choose_tracks(recording: Recording, *, actor: User, numbers: Collection[int]) -> None:
    """Transcribe these audio tracks of the recording instead, in a transcript of its own; what there is stays.

    Raises Refused if none of them exists, and while the recording is being transcribed;
    NoProvider if no provider can be asked.
    """
    wanted = sorted({track["number"] for track in recording.tracks} & set(numbers))
    if not wanted:
        raise Refused("no_track", "Choose at least one audio track.")
    last = recording.jobs.filter(compares=None).order_by("-created_at").first()
    language = last.language if last else recording.language
    Recording.objects.filter(pk=recording.pk).update(tracks_wanted=wanted)
    wishes = last.wishes if last else None
    jobs.start(recording, actor=actor, language=language, wishes=wishes, prepared_again=True)
    activities.record("recording:tracks", recording, actor=actor, tracks=wanted)
