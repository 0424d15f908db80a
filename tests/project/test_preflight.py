"""What prevents Verbatim from starting is one plain sentence and exit status 2."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.environment import ROOT
from tests.project.network import free_port
from transcripts.providers.registry import KINDS

if TYPE_CHECKING:
    from pathlib import Path

NEEDED = (
    "scripts",
    "accounts/__init__.py",
    "accounts/oidc/__init__.py",
    "accounts/oidc/configuration.py",
    "accounts/signup/__init__.py",
    "accounts/signup/setting.py",
    "project/__init__.py",
    "project/networks.py",
    "project/instance.py",
    "project/preflight.py",
    "transcripts/__init__.py",
    "transcripts/providers",
)


def start(project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run what `make run` runs, with `true` instead of the supervisor."""
    return subprocess.run(
        [sys.executable, str(project / "scripts" / "bootstrap.py"), "run", "true"],
        env={"PATH": "/nowhere", "PORT": str(free_port()), "PYTHONDONTWRITEBYTECODE": "1", **variables},
        capture_output=True,
        text=True,
    )


def sentence(project: Path, **variables: str) -> str:
    """Return the one line of its refusal."""
    result = start(project, **variables)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project without anything installed."""
    for name in NEEDED:
        target = tmp_path / "clone" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, target)
    return tmp_path / "clone"


def pretend_python(folder: Path, version: str) -> dict[str, str]:
    """The variables that make Python believe it is another version."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(f"import sys; sys.version_info = {version}")
    return {"PYTHONPATH": str(folder)}


def test_python_too_old(clone: Path, tmp_path: Path) -> None:
    text = sentence(clone, **pretend_python(tmp_path / "old", "(3, 9, 2, 'final', 0)"))
    assert text.startswith("Verbatim needs Python 3.11 or 3.12 and found only 3.9: install one of them, ")


def test_a_good_python_on_the_path_is_preferred_to_one_without_the_embedded_redis(clone: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "bin" / "python3.12"
    chosen.parent.mkdir()
    chosen.write_text("#!/bin/sh\necho chose $0 $3 >&2\n")
    chosen.chmod(0o755)
    later = pretend_python(tmp_path / "later", "(3, 13, 0, 'final', 0)")
    assert start(clone, **later, PATH=str(chosen.parent)).stderr == f"chose {chosen} run\n"


def test_python_without_redis(clone: Path, tmp_path: Path) -> None:
    later = pretend_python(tmp_path / "later", "(3, 13, 0, 'final', 0)")
    text = sentence(clone, **later)
    assert text.startswith("Python 3.13 and later have no built-in Redis: use Python 3.11 or 3.12, ")
    assert "REDIS_URL" in text


def test_python_without_venv_support(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking" / "ensurepip.py").write_text("raise ImportError")
    text = sentence(clone, PYTHONPATH=str(tmp_path / "lacking"))
    assert "can't create virtual environments: install its venv support" in text
    assert "apt install python3-venv" in text


def test_no_network(clone: Path) -> None:
    (clone / "requirements").mkdir()
    lock = f"absent==1.0 --hash=sha256:{'0' * 64}\n"
    for name in ("base.txt", "dev.txt", "bench.txt"):
        (clone / "requirements" / name).write_text(lock)
    offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    result = start(clone, **offline)
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1].startswith("The Python packages could not be installed: pip's lines above ")
    assert "Traceback" not in result.stderr


def test_taken_port(clone: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        text = sentence(clone, PORT=str(port))
    assert text == (
        f"Port {port} is in use by another program: stop that program, or choose another with PORT={port + 1} make run."
    )


def test_invalid_port(clone: Path) -> None:
    assert sentence(clone, PORT="eighty").startswith("PORT is 'eighty', which isn't a port: ")


def test_unwritable_folder(clone: Path) -> None:
    (clone / "file").touch()
    text = sentence(clone, DATA_DIR="file/below")
    assert text == (
        f"The folder {clone}/file/below can't be written (Not a directory): make it writable, "
        "or choose another with DATA_DIR=/some/folder make run."
    )


def test_folder_too_long_for_a_socket(clone: Path, tmp_path: Path) -> None:
    text = sentence(clone, DATA_DIR=str(tmp_path / ("long" * 30)))
    assert "is too long for a Unix socket: choose one of at most 83 bytes" in text


def test_settings_come_from_a_file_and_the_environment_wins(clone: Path) -> None:
    (clone / ".env").write_text("# settings\nexport DATA_DIR='file/below'  \nPORT=none\n")
    (clone / "file").touch()
    assert "file/below can't be written" in sentence(clone)


def test_an_unknown_provider(clone: Path) -> None:
    text = sentence(clone, STT_PROVIDER="telegraph")
    assert text == f"Unknown STT_PROVIDER “telegraph”; choose one of {', '.join(KINDS)}."


def test_a_provider_without_an_address(clone: Path) -> None:
    text = sentence(clone, STT_PROVIDER="pulse")
    assert text.startswith("STT_PROVIDER is “pulse”, but its address isn't set: set STT_API_ENDPOINT to ")


def test_an_invalid_proxy_address(clone: Path, tmp_path: Path) -> None:
    text = sentence(clone, TRUSTED_PROXIES="10.0.0.7, proxy", DATA_DIR=str(tmp_path / "data"))
    assert text.startswith("TRUSTED_PROXIES is “10.0.0.7, proxy”: set addresses or networks separated by commas")


@pytest.mark.parametrize(
    ("variable", "value", "beginning"),
    [
        ("SIGNUP", "everyone", "SIGNUP is “everyone”; choose closed, invitation, open"),
        ("OIDC_PROVIDERS", '[{"id": "acme"}]', 'A provider of OIDC_PROVIDERS has no "issuer"'),
    ],
)
def test_settings_of_sign_in_that_can_not_be_read(
    clone: Path, tmp_path: Path, variable: str, value: str, beginning: str
) -> None:
    text = sentence(clone, **{variable: value}, DATA_DIR=str(tmp_path / "data"))
    assert text.startswith(beginning)
