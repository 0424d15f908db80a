"""Drills of the engine of this machine: it misbehaves for a while because an operator asks it to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from transcripts.document.plain import one_line
from transcripts.providers.errors import BadAnswer
from transcripts.providers.http import Client
from transcripts.providers.wire import raise_for, read_json

if TYPE_CHECKING:
    from transcripts.providers.base import Connection
    from transcripts.providers.wire import Reply

PATH = "/drill"
# The first page of the console asks, and waits for no engine that hangs
CONNECT_MS, DEADLINE_MS = 500, 1_000
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill that runs: what the engine does, for how much longer, and who began it."""

    kind: str
    seconds_left: int
    by: str


class Drills:
    """Asks an engine about its drill. Its answers with 404 say that it was started without; 409 that one runs."""

    def __init__(self, connection: Connection) -> None:
        self._key = connection.api_key
        patience = replace(connection, connect_timeout_ms=CONNECT_MS, status_deadline_ms=DEADLINE_MS)
        self._client = Client(patience)

    def running(self) -> Drill | None:
        """Return the drill that runs. Raises ProviderError."""
        return self._read(self._client.get(PATH))

    def begin(self, kind: str, *, seconds: int, by: str) -> None:
        """Begin a drill. Raises ProviderError."""
        self._read(self._client.send("POST", PATH, body={"kind": kind, "seconds": seconds, "by": by}))

    def end(self) -> None:
        """End the drill, if one runs. Raises ProviderError."""
        self._read(self._client.send("DELETE", PATH))

    def _read(self, reply: Reply) -> Drill | None:
        raise_for(reply, key=self._key, pause_ms=None)
        found: Any = read_json(reply).get("drill")
        if found is None:
            return None
        try:
            by = one_line(str(found["by"]))[:LONGEST_NAME]
            return Drill(str(found["kind"]), int(found["seconds_left"]), by)
        except (KeyError, TypeError, ValueError) as error:
            raise BadAnswer("The engine's answer about its drill can't be read") from error
