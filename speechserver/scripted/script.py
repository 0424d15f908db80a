"""The script of a scripted recogniser, for tests of clients; only used with `--script FILE`.

The file is JSON, every field optional:

    {"seconds": 0.2,               how long a job takes; null: until POST /script/release
     "answer": {...},              the completed answer; a string is its transcription
     "failure": {"code", "message"}  every job fails with this instead
     "times": [[0.1, 0.3], null, ...],   the times of the words of a job that aligns; by default as they are expected
     "aligning_failure": {"code", "message"}   such a job fails with this instead
     "aligning_seconds": 0.0,      how long one takes; null: until POST /script/release
     "engine": "scripted", "draft": false, "languages": null, "aligns": false,   what /health says
     "faults": [{...}, ...]}       the first that matches a request is injected

A fault matches if `on` (`upload`, `status`, `stream` or `health`) names the request and `nth` (from 1; without it every
one) is its number since the script was set; `speechserver.api.faults` describes what it can do.
Rate limits apply unless `--limits none`. `PUT /script` sets a new script and begins a new ledger.
`GET /script/ledger` lists every upload, status, stream and health request since the script was set, also across a
restart: `on`, `nth`, `arrived_at` and `answered_at` (server clock, seconds), `key` (its last four characters),
`code` (0: no complete answer was sent), `processing_id`, and for an accepted upload `filename`, `bytes`, `sha256` and
`options`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ANSWER = {
    "transcription": "and so my fellow americans",
    "language": "en",
    "duration": 2.0,
    "engine": "scripted",
    "segments": [
        {
            "speaker": None,
            "start": 0.1,
            "end": 1.9,
            "text": "and so my fellow americans",
            "words": [
                {"word": "and", "start": 0.1, "end": 0.3, "confidence": 0.9},
                {"word": "so", "start": 0.3, "end": 0.6, "confidence": 0.8},
                {"word": "my", "start": 0.7, "end": 0.9, "confidence": 0.95},
                {"word": "fellow", "start": 0.9, "end": 1.3, "confidence": 0.7},
                {"word": "americans", "start": 1.3, "end": 1.9, "confidence": 0.85},
            ],
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Script:
    """A script; its fields are described above."""

    seconds: float | None = 0.0
    answer: dict[str, Any] = field(default_factory=lambda: ANSWER)
    failure: dict[str, str] | None = None
    times: tuple[list[float] | None, ...] | None = None
    aligning_failure: dict[str, str] | None = None
    aligning_seconds: float | None = 0.0
    engine: str = "scripted"
    draft: bool = False
    languages: tuple[str, ...] | None = None
    aligns: bool = False
    faults: tuple[dict[str, Any], ...] = ()

    @classmethod
    def read(cls, data: dict[str, Any]) -> Script:
        """Build a script from JSON. Raises ValueError for an unknown field."""
        unknown = set(data) - set(cls.__dataclass_fields__)
        if unknown:
            raise ValueError(f"unknown fields {sorted(unknown)}")
        fields = dict(data)
        if isinstance(fields.get("answer"), str):
            fields["answer"] = {"transcription": fields["answer"]}
        for name in ("languages", "faults", "times"):
            if fields.get(name) is not None:
                fields[name] = tuple(fields[name])
        return cls(**fields)
