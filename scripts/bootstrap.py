"""Choose a Python for Verbatim and run scripts/install.py with it; `make` calls this.

Written for any Python 3, so that one that is too old can still report it.
"""

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# All packages have wheels for these; later ones lack the embedded Redis.
PREFERRED = ((3, 12), (3, 11))
PROBE = "import sys, ensurepip, venv; assert sys.version_info[:2] == ({}, {})"


def works(program: str, version: "tuple[int, int]") -> bool:
    """Return whether `program` is this version of Python and can create virtual environments."""
    probe = [program, "-c", PROBE.format(*version)]
    try:
        return subprocess.call(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def choose() -> "str | None":
    """Return the Python to use: this one if it is preferred, else a preferred one on the path, else this one."""
    if sys.version_info[:2] in PREFERRED and can_create_environments():
        return sys.executable
    for version in PREFERRED:
        program = "python{}.{}".format(*version)
        if works(program, version):
            return program
    return sys.executable if sys.version_info[:2] >= min(PREFERRED) else None


def can_create_environments() -> bool:
    """Return whether this Python has `ensurepip`, which Debian packages separately."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return False
    return True


def main() -> None:
    """Run the installer with the chosen Python; exit status 2 and one sentence if there is none."""
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
