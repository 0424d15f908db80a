"""How the database is connected to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import environ

if TYPE_CHECKING:
    from pathlib import Path

# Immediate transactions never deadlock on upgrade; FULL keeps a commit through a power cut.
SQLITE = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
# A page asks for what takes milliseconds. PostgreSQL takes the search for more, because the functions of the index are
# said to cost much, and would compile each query or start processes for it: that took three to seven times longer.
POSTGRESQL = "-c jit=off -c max_parallel_workers_per_gather=0"


def configuration(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's settings for the database of a URL, for instance `postgres://user@host/name`; without one, a file
    in `data_dir`."""
    found: dict[str, Any] = environ.Env.db_url_config(url or f"sqlite:///{data_dir / 'verbatim.sqlite3'}")
    if found["ENGINE"].endswith("sqlite3"):
        # A file, as in production: threads can't share a database in memory.
        return {**found, "OPTIONS": SQLITE, "TEST": {"NAME": data_dir / "test.sqlite3"}}
    given = found.get("OPTIONS", {})
    # The last of the same name holds
    return {**found, "OPTIONS": {**given, "options": f"{POSTGRESQL} {given.get('options', '')}".strip()}}
