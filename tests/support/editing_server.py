"""The server's editing core behind a pipe: a batch of operations a line in, the answer a line out.

Node's tests run their pages against it. It orders batches and numbers them as `services.transcript.edits` does, in
memory: the merging is the product's own.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from transcripts.document.editing import operations, undo
from transcripts.document.editing.apply import apply
from transcripts.document.editing.rows import MemoryRows, Row
from transcripts.document.retiming import retimed
from transcripts.document.values import Segment


class Server:
    """One transcript."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self.rows = MemoryRows(_row(*row) for row in rows)
        self.edits: list[list[tuple[Row | None, Row]]] = []
        self.answers: dict[tuple[str, int], dict[str, Any]] = {}
        self.own: dict[str, set[int]] = {}
        self.conflicts: list[str] = []

    def receive(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Apply a batch, once."""
        name = (batch["client"], batch["n"])
        if name not in self.answers:
            self.answers[name] = self._apply(batch)
        return self.answers[name]

    def _apply(self, batch: dict[str, Any]) -> dict[str, Any]:
        number, before = len(self.edits) + 1, dict(self.rows.rows)
        self.rows.own = self.own.setdefault(batch["client"], set())
        for one in operations.parse(batch["ops"]):
            if isinstance(one, operations.Undo):
                self._undo(one.edit, number)
            else:
                lost = apply(self.rows, [one], seq=batch["seq"], now=number)  # type: ignore[list-item]
                self.conflicts += [overwritten.offered for overwritten in lost]
        self.own[batch["client"]].add(number)
        changed = [(before.get(row.key), row) for row in self.rows.rows.values() if before.get(row.key) != row]
        self.edits.append(changed)
        sent = [self._described(row, number) for row in self.rows.ordered() if before.get(row.key) != row]
        answer = {"type": "edit", "change": number, "client": batch["client"], "n": batch["n"], "rows": sent}
        return {**answer, "direction": batch["direction"]}

    def _undo(self, number: int, by: int) -> None:
        for before, after in self.edits[number - 1]:
            now = self.rows.get(after.key)
            assert now is not None
            taken = self.rows.split_off(after.key, number) if now.text != after.text else []
            rows, lost = undo.undone([now, *taken], before, after)
            for was, row in zip([now, *taken], rows, strict=True):
                self.rows.put(row.back(was, by))
            self.conflicts += [overwritten.offered for overwritten in lost]

    def _described(self, row: Row, number: int) -> dict[str, Any]:
        before = None if row.gone else self.rows.before(row.key)
        described = {
            "id": row.key,
            "after": before.key if before else None,
            "text": row.text,
            "speaker": row.segment.speaker or "",
            "start_ms": row.segment.start_ms,
            "end_ms": row.segment.end_ms,
            "language": "en",
            "from": row.split_from,
            "born": row.born,
            "reviewed": row.is_reviewed,
            "change": number,
        }
        return {**described, "gone": row.merged_into or True} if row.gone else described


def _row(key: str, speaker: str, start_ms: int, end_ms: int, text: str, *_: Any) -> Row:
    return Row(key, retimed(Segment("", start_ms, max(start_ms, end_ms), speaker or None), text))


def _said(row: Row) -> dict[str, Any]:
    return {"id": row.key, "speaker": row.segment.speaker or "", "text": row.text, "reviewed": row.is_reviewed}


def main() -> None:
    """Answer lines: `{"rows"}` begins a transcript, `{"batch"}` edits it, `{}` asks what it says."""
    server = Server([])
    for line in sys.stdin:
        asked = json.loads(line)
        if "rows" in asked:
            server, answer = Server(asked["rows"]), {}
        elif "batch" in asked:
            answer = server.receive(asked["batch"])
        else:
            answer = {"rows": [_said(row) for row in server.rows.present()], "conflicts": server.conflicts}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
