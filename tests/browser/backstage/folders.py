"""Folders of teams."""

from __future__ import annotations

from accounts.models import Team
from transcripts.models import Folder


def make_folder(called: str, team: str = "newsroom") -> int:
    """Give a team a folder."""
    return Folder.objects.create(team=Team.objects.get(slug=team), name=called).pk


def remove_folders() -> None:
    """Delete every folder."""
    Folder.objects.all().delete()
