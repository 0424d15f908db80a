"""How long the server takes for an operation on a transcript of 50,000 words in 4,500 segments.

The database is the one that the environment names (`DATABASE_URL`), a new one for the figure.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.report import percentile, report

if TYPE_CHECKING:
    from collections.abc import Callable

SEGMENTS, WORDS, RUNS = 4_500, 11, 100


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        _prepare(Path(name))
        for kind, times in _measured().items():
            report("operations", kind=kind, p50_ms=percentile(times, 50), p95_ms=percentile(times, 95))


def _prepare(folder: Path) -> None:
    """Use a database of its own."""
    import os

    os.environ["DATA_DIR"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    from django.test.runner import DiscoverRunner

    DiscoverRunner(verbosity=0, interactive=False).setup_databases()


def _measured() -> dict[str, list[float]]:
    from tests import factories
    from transcripts import events
    from transcripts.services.transcript import edits

    # Telling other pages comes after the transaction, and here no one listens
    events.publish_to_transcript = lambda _id, _message: None  # type: ignore[assignment]

    cast = factories.make_cast()
    said = [
        (f"Speaker {n % 3}", " ".join(f"word{(n * WORDS + at) % 997}" for at in range(WORDS))) for n in range(SEGMENTS)
    ]
    transcript = factories.make_transcript(factories.make_recording(cast.team, owner=cast.erin), said)
    counter = itertools.count(1)

    def send(*asked: dict[str, Any]) -> float:
        batch = edits.Batch("b1", next(counter), 1 << 40, list(asked))
        began = time.perf_counter()
        edits.apply(transcript, batch, actor=cast.erin)
        return round((time.perf_counter() - began) * 1000, 1)

    def row() -> Any:
        return transcript.segments.order_by("position")[1 + next(counter) * 7_919 % (SEGMENTS // 2)]

    def typed() -> float:
        one = row()
        return send({"op": "set_text", "id": one.key, "was": one.text, "text": one.text.replace(" ", " new ", 1)})

    def split() -> float:
        one = row()
        return send(
            {"op": "split", "id": one.key, "was": one.text, "at": len(one.text) // 2, "new": f"n{next(counter)}"}
        )

    operations: dict[str, Callable[[], float]] = {
        "set_text": typed,
        "split": split,
        "merge": lambda: send({"op": "merge", "id": row().key}),
        "undo": lambda: send({"op": "undo", "edit": transcript.edits.order_by("-number")[0].number}),
        "set_speaker": lambda: send({"op": "set_speaker", "ids": [row().key], "speaker": "1"}),
    }
    return {kind: [measure() for _ in range(RUNS)] for kind, measure in operations.items()}


if __name__ == "__main__":
    main()
