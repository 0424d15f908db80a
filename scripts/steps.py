"""Helpers for every step of the set-up: folders, stamps, commands and messages."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMPS = ENVIRONMENT / "stamps"


def is_stamped(name: str, *digests: str) -> bool:
    """Return whether the step `name` was last done with one of these digests."""
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() in digests


def stamp(name: str, digest_of_inputs: str) -> None:
    """Record that the step `name` was done with this digest."""
    (STAMPS / name).write_text(digest_of_inputs)


def digest(*paths: Path) -> str:
    """Return a digest of files and their paths below the project."""
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def call(command: list[str], **variables: str) -> bool:
    """Run a command in the project's folder with its output shown; return whether it succeeded."""
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False).returncode == 0


def say(text: str) -> None:
    """Print a progress message."""
    print(text, flush=True)
