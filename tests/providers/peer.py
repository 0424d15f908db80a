"""What the contracts ask of the server that an adapter speaks to."""

from __future__ import annotations

from typing import Any, Protocol


class Peer(Protocol):
    """A server that plays every trick that a network or a provider knows."""

    @property
    def url(self) -> str: ...

    @property
    def key(self) -> str: ...

    def rescript(self, script: dict[str, Any]) -> None: ...

    def ledger(self, kind: str = "") -> list[dict[str, Any]]: ...

    def billed(self) -> list[dict[str, Any]]: ...
