"""Folders of a team, and which recordings are in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import access, events
from transcripts.models import Folder, Recording
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.library.names import name_of, only_one

if TYPE_CHECKING:
    from accounts.models import Team, User

MOST_FOLDERS = 200
LONGEST = 80
NOT_OF_TEAM = "This folder belongs to another team. Choose one of the team that the recording belongs to."
TOO_MANY = "A team can have 200 folders. Delete one that you don’t need, or use a tag instead."


@transaction.atomic
def create(team: Team, name: str, *, actor: User) -> Folder:
    """Create a folder. Raises Refused if the team has one of this name."""
    if Folder.objects.filter(team=team).count() >= MOST_FOLDERS:
        raise Refused("too_many_names", TOO_MANY)
    with only_one("folder"):
        folder = Folder.objects.create(team=team, name=name_of(name, longest=LONGEST), created_by=actor)
    activities.record_for_folder("folder:created", folder, actor=actor)
    events.publish_to_team("library.changed", team.pk)
    return folder


@transaction.atomic
def rename(folder: Folder, name: str, *, actor: User) -> None:
    """Give a folder another name. Raises Refused if the team has one of this name."""
    with only_one("folder"):
        folder.name = name_of(name, longest=LONGEST)
        folder.save(update_fields=["name"])
    activities.record_for_folder("folder:renamed", folder, actor=actor)
    events.publish_to_team("library.changed", folder.team_id)


@transaction.atomic
def delete(folder: Folder, *, actor: User) -> None:
    """Delete a folder. Its recordings stay, outside any folder, those in the trash too; its sharing ends."""
    Recording.objects.filter(folder=folder).update(folder=None)
    activities.record_for_folder("folder:deleted", folder, actor=actor)
    events.publish_to_team("library.changed", folder.team_id)
    folder.delete()


@transaction.atomic
def move(recording: Recording, folder: Folder | None, *, actor: User) -> None:
    """Put a recording into a folder of its team, or into none. Raises Refused for a folder of another team."""
    # Read under a lock: the recording may go to another team, and the folder be deleted, at this moment
    locked = Recording.objects.select_for_update(no_key=True, of=("self",)).get(pk=recording.pk)
    if folder is not None and not Folder.objects.filter(pk=folder.pk, team=locked.team_id).exists():
        raise Refused("folder_of_other_team", NOT_OF_TEAM)
    if locked.folder_id == (folder.pk if folder else None):
        return
    Recording.objects.filter(pk=recording.pk).update(folder=folder)
    activities.record("recording:moved", recording, actor=actor, folder=folder.pk if folder else None)
    events.publish("recording.changed", recording)


def of_team(team: Team, folder_id: int) -> Folder:
    """Return a folder of a team that the caller got from `access`. Raises access.NotFound."""
    found = Folder.objects.filter(team=team, pk=folder_id).first()
    if found is None:
        raise access.NotFound
    return found
