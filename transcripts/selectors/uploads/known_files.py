"""Which of the files that a person is about to upload their team has already."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.urls import reverse

from transcripts import access
from transcripts.models import MediaFile
from transcripts.models.choices import MediaKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import Team, User
    from transcripts.models import Recording


class Known(TypedDict):
    """A recording of the same file, as the tray tells it. `restore` is where one in the trash is taken out of it."""

    title: str
    by: str
    at: str
    team: str
    is_transcribed: bool
    href: str
    restore: str


def known(user: User, team: Team, prints: Sequence[str]) -> dict[str, Known]:
    """Return, by fingerprint, recordings of the team that the person can see; one in the trash for want of others."""
    found: dict[str, Known] = {}
    for in_trash in (True, False):
        seen = access.recordings_of(user, in_trash=in_trash).filter(team=team)
        originals = MediaFile.objects.filter(kind=MediaKind.ORIGINAL, fingerprint__in=prints, recording__in=seen)
        related = originals.select_related("recording__owner", "recording__team")
        for original in related.prefetch_related("recording__transcripts").order_by("pk"):
            found[original.fingerprint] = _described(original.recording)
    return found


def _described(recording: Recording) -> Known:
    transcript = max(recording.transcripts.all(), key=lambda one: one.created_at, default=None)
    return {
        "title": recording.title,
        "by": str(recording.owner) if recording.owner else "",
        "at": recording.created_at.isoformat(),
        "team": recording.team.name,
        "is_transcribed": transcript is not None,
        "href": (transcript or recording).get_absolute_url(),
        "restore": reverse("recording_restore", args=[recording.pk]) if recording.deleted_at else "",
    }
