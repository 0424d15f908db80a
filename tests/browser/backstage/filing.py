"""Folders, tags, saved filters and the trash."""

from __future__ import annotations

from accounts.models import User
from tests.browser.backstage.people import team
from transcripts.models import Folder, Recording
from transcripts.services.library import folders, saved_filters, tags
from transcripts.services.recordings import trash


def file(recording: str, folder: str = "", tagged: list[str] | None = None) -> str:
    """Put a recording into a folder and mark it; return the id of the folder."""
    erin = User.objects.get(email="erin@example.org")
    made = Recording.objects.get(pk=recording)
    if tagged:
        tags.set_tags(made, tagged, actor=erin)
    if not folder:
        return ""
    place = Folder.objects.filter(team=team(), name=folder).first() or folders.create(team(), folder, actor=erin)
    folders.move(made, place, actor=erin)
    return str(place.pk)


def throw_away(recording: str, who: str = "erin") -> str:
    """Move a recording to the trash."""
    trash.delete(Recording.objects.get(pk=recording), actor=User.objects.get(email=f"{who}@example.org"))
    return recording


def save_filter(name: str, query: str, who: str = "alice") -> None:
    """Save a filter of a person."""
    saved_filters.save(User.objects.get(email=f"{who}@example.org"), name, query)
