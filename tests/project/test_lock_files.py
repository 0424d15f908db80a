"""Lock files pin by hash and say nothing about where they were downloaded from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.environment import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PYTHON_LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
LOCKS = [*PYTHON_LOCKS, ROOT / "package-lock.json"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_holds_no_download_address(lock: Path) -> None:
    assert [line for line in lock.read_text().splitlines() if "://" in line] == []


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda lock: lock.name)
def test_every_python_package_is_pinned_with_hashes(lock: Path) -> None:
    packages = lock.read_text().replace("\\\n", " ").splitlines()
    unpinned = [line for line in packages if line.strip() and not ("==" in line and "--hash=sha256:" in line)]
    assert unpinned == []
