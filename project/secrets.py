"""Secrets that the instance generates and stores below DATA_DIR, and the files that have the keys of providers."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def key_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the file of each key of a provider that a variable with _FILE names, by the variable without it."""
    return {
        name.removesuffix("_FILE"): path
        for name, path in environment.items()
        if name.startswith("STT_API_KEY") and name.endswith("_FILE") and path
    }


def stored_secret(path: Path) -> str:
    """Return the secret stored in `path`, generated the first time; concurrent processes agree on one."""
    with suppress(FileNotFoundError):
        return path.read_text()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48))
    # A hard link fails if the name exists, so the first process wins and none reads a partial file.
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
    return path.read_text()
