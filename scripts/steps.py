"""What every step of the set-up needs: the folders, stamps, and a way to run and to say things."""

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
    """Whether the step `name` was last done from one of these contents."""
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() in digests


def stamp(name: str, contents: str) -> None:
    """Note that the step `name` was done from these contents."""
    (STAMPS / name).write_text(contents)


def digest(*paths: Path) -> str:
    """A name for the contents of files and their places below the project."""
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def call(command: list[str], **variables: str) -> bool:
    """Run a command in the project's folder, showing what it says; whether it succeeded."""
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False).returncode == 0


def say(text: str) -> None:
    """A line for the person who waits."""
    print(text, flush=True)
