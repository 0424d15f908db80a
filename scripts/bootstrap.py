"""Chooses a Python for Verbatim and hands over to scripts/install.py; `make` calls it.

Written for any Python 3, so that one that is too old can still say so.
"""

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# These have every package ready-made; later ones lack the embedded Redis.
BEST = ((3, 12), (3, 11))
PROBE = "import sys, ensurepip, venv; assert sys.version_info[:2] == ({}, {})"


def works(program: str, version: "tuple[int, int]") -> bool:
    """Whether `program` is that Python, and can make a virtual environment."""
    probe = [program, "-c", PROBE.format(*version)]
    try:
        return subprocess.call(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def choose() -> "str | None":
    """The Python to use: this one if it is among the best, else the best on the path, else this one."""
    if sys.version_info[:2] in BEST and can_make_environments():
        return sys.executable
    for version in BEST:
        program = "python{}.{}".format(*version)
        if works(program, version):
            return program
    return sys.executable if sys.version_info[:2] >= min(BEST) else None


def can_make_environments() -> bool:
    """Whether this Python has what Debian keeps in a package of its own."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return False
    return True


def main() -> None:
    """Become the installer under the chosen Python; exit status 2 and one sentence if there is none."""
    python = choose()
    if python is None:
        sys.stderr.write(
            "Verbatim needs Python 3.11 or 3.12 and found only {}.{}: install one of them, "
            "or name it with PYTHON=/path/to/python3.12 make run.\n".format(*sys.version_info[:2])
        )
        sys.exit(2)
    os.chdir(ROOT)
    os.execvp(python, [python, "-m", "scripts.install"] + sys.argv[1:])


if __name__ == "__main__":
    main()
