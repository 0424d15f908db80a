"""Moving recordings to the trash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from transcripts.models import Recording
    from transcripts.services.bulk.verbs.base import Change


class Delete:
    """Each is stopped and can be restored like one that was deleted alone."""

    is_quiet = False
    leads_to_trash = True

    def check(self, actor: User, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Nothing can be chosen."""
        return {}

    def do(self, recording: Recording, parameters: dict[str, Any], actor: User) -> Change:
        """Move a recording to the trash."""
        trash.delete(recording, actor=actor)
        return {}, {"trash": True}

    def undo(self, recording: Recording, before: dict[str, Any], after: dict[str, Any], actor: User) -> None:
        """Restore the recording."""
        trash.restore(recording, actor=actor)
