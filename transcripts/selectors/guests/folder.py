"""What a link to a folder shows: the recordings that are in it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from transcripts.models import Recording, Transcript

if TYPE_CHECKING:
    from transcripts.models import FolderLink

# The newest are listed; a folder of more is one to search, which takes an account
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class FolderPage:
    """The recordings of a folder that have a transcript, the newest first, and how many there are."""

    link: FolderLink
    recordings: list[Recording]
    count: int


def page_of(link: FolderLink) -> FolderPage:
    """Return what a guest sees whom the link let in."""
    newest = Transcript.objects.filter(recording=OuterRef("pk")).order_by("-created_at")
    found = Recording.objects.filter(folder=link.folder, deleted_at=None).annotate(
        spoken=Subquery(newest.values("language")[:1]), transcript=Subquery(newest.values("pk")[:1])
    )
    ready = found.filter(transcript__isnull=False).order_by("-created_at", "-pk")
    return FolderPage(link, list(ready[:MOST_SHOWN]), ready.count())
