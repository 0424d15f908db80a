"""Lock files pin by hash and name no download address."""

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


@pytest.mark.parametrize(("smaller", "larger"), [("base", "dev"), ("base", "telemetry"), ("dev", "bench")])
def test_a_larger_lock_pins_all_that_the_smaller_one_does(smaller: str, larger: str) -> None:
    assert pins(smaller) - pins(larger) == set()


def pins(name: str) -> set[str]:
    """Return the packages of a lock with their versions and hashes, without the conditions on platforms."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", " ")
    return {" ".join([line.split()[0], *line.split("--hash=")[1:]]) for line in text.splitlines()}
