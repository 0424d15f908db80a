"""Moving recordings to a folder of their team, or out of their folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts import access
from transcripts.models import Folder, Recording
from transcripts.services import activities
from transcripts.services.bulk.verbs.base import CHANGED, Change, number
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User

NO_FOLDER = "This folder no longer exists. Choose another one."
OTHER_TEAM = "The folder belongs to another team than this recording."
NO_EARLIER = "The folder that it was in no longer exists."


class Move:
    """`folder` is the id of a folder; without one, recordings leave the folders that they are in."""

    is_quiet = True
    leads_to_trash = False

    def check(self, actor: User, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Return the folder with its name."""
        if not parameters.get("folder"):
            return {"folder": None, "name": ""}
        teams = access.editable_team_ids_of(actor)
        folder = Folder.objects.filter(pk=number(parameters, "folder") or 0, team__in=teams).first()
        if folder is None:
            raise Refused("no_folder", NO_FOLDER)
        return {"folder": folder.pk, "name": folder.name}

    def do(self, recording: Recording, parameters: dict[str, Any], actor: User) -> Change:
        """Move a recording."""
        wanted: int | None = parameters["folder"]
        if wanted is not None:
            team = Folder.objects.filter(pk=wanted).values_list("team", flat=True).first()
            if team is None:
                raise Refused("no_folder", NO_FOLDER)
            if team != recording.team_id:
                raise Refused("other_team", OTHER_TEAM)
        earlier = _locked(recording).folder_id
        if earlier == wanted:
            return None
        _move(recording, wanted, actor)
        return {"folder": earlier}, {"folder": wanted}

    def undo(self, recording: Recording, before: dict[str, Any], after: dict[str, Any], actor: User) -> None:
        """Move a recording back to where it was."""
        if _locked(recording).folder_id != after["folder"]:
            raise Refused("changed_since", CHANGED)
        earlier = before["folder"]
        if earlier is not None and not Folder.objects.filter(pk=earlier, team=recording.team_id).exists():
            raise Refused("no_folder", NO_EARLIER)
        _move(recording, earlier, actor)


def _locked(recording: Recording) -> Recording:
    return Recording.objects.select_for_update(of=("self",), no_key=True).get(pk=recording.pk)


def _move(recording: Recording, folder: int | None, actor: User) -> None:
    Recording.objects.filter(pk=recording.pk).update(folder=folder)
    activities.record("recording:moved", recording, actor=actor, folder=folder)
