"""The ledger of a scripted server: every request that it received, for tests to compare."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs

from speechserver.api.application import PROCESSING_ID, RECEIVED

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web


class Ledger:
    """Every request as a line of a file, so that it survives a restart."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._counts = Counter(entry["on"] for entry in self.entries())

    def number(self, kind: str) -> int:
        """Count a request of this kind; return its number, from 1."""
        self._counts[kind] += 1
        return self._counts[kind]

    def entries(self) -> list[dict[str, Any]]:
        """Return the latest entry of each request, in order of arrival."""
        if not self._path.exists():
            return []
        lines = [json.loads(line) for line in self._path.read_text("utf-8").splitlines()]
        latest = {(line["on"], line["nth"]): line for line in lines}
        return sorted(latest.values(), key=lambda line: float(line["arrived_at"]))

    def clear(self) -> None:
        """Delete all entries."""
        self._path.unlink(missing_ok=True)
        self._counts.clear()

    def add(self, entry: dict[str, Any]) -> None:
        """Append an entry; a later one for the same request replaces it."""
        with self._path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(entry) + "\n")


def entry_of(request: web.Request, kind: str, number: int, arrived_at: float, code: int) -> dict[str, Any]:
    """Return the entry of a request that is answered now."""
    entry: dict[str, Any] = {
        "on": kind,
        "nth": number,
        "arrived_at": arrived_at,
        "answered_at": time.time(),
        "key": request.headers.get(hdrs.AUTHORIZATION, "")[-4:],
        "code": code,
        "processing_id": request.get(PROCESSING_ID, ""),
    }
    received = request.get(RECEIVED)
    if received is not None:
        entry |= {"filename": received.filename, "bytes": received.size, "sha256": received.sha256}
        entry["options"] = {name: ", ".join(values) for name, values in received.options.items()}
    return entry
