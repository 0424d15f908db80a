"""The Python environment and its pinned, hashed packages."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from project.instance import Refusal
from scripts.steps import ENVIRONMENT, PYTHON, ROOT, STAMPS, call, digest, is_stamped, say, stamp

if TYPE_CHECKING:
    from pathlib import Path

REQUIREMENTS = ROOT / "requirements"
# Each includes all that the ones before it name
LOCKS = {
    "run": REQUIREMENTS / "base.txt",
    "develop": REQUIREMENTS / "dev.txt",
    "bench": REQUIREMENTS / "bench.txt",
}


def make_environment() -> None:
    """The virtual environment, made anew if it is broken or was never finished. Raises Refusal."""
    if os.access(PYTHON, os.X_OK) and STAMPS.is_dir():
        return
    check_venv_support()
    say("Making the Python environment …")
    if not call([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]):
        raise Refusal(f"The Python environment {ENVIRONMENT} could not be made: the lines above say why.")
    STAMPS.mkdir()


def check_venv_support() -> None:
    """Debian keeps in a package of its own what makes environments."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Refusal(
            f"Python {version} cannot make virtual environments here: install its venv support (on Debian "
            "and Ubuntu: apt install python3-venv), or name another with PYTHON=/path/to/python3.12 make run."
        ) from None


def install_packages(purpose: str) -> None:
    """Install the packages for a purpose, unless the environment has them already. Raises Refusal."""
    purposes = list(LOCKS)
    wanted, *larger = [digest(LOCKS[name]) for name in purposes[purposes.index(purpose) :]]
    if is_stamped("packages", wanted, *larger):
        return
    say("Installing the Python packages; this takes about a minute, once …")
    pip_install(LOCKS[purpose])
    stamp("packages", wanted)


def pip_install(lock: Path) -> None:
    """Install exactly what a lock file names. Raises Refusal."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if not call([*pip, "--retries", "2", "--require-hashes", "-r", str(lock)]):
        raise Refusal(
            "The Python packages could not be installed: pip's lines above say why. The first start needs "
            "the network; once it is there, run the same command again."
        )
