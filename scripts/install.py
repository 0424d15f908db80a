"""Install what is missing, then run a command: `python -m scripts.install {run|develop|bench} command...`

Standard library only. Each step stores a digest of its inputs and is skipped while they are unchanged, so that a second
call costs a few milliseconds.
"""

from __future__ import annotations

import os
import sys

from project.instance import Refusal, read_instance
from project.preflight import check
from scripts.frontend import build_front_end
from scripts.packages import create_environment, install_models, install_packages
from scripts.steps import ENVIRONMENT, ROOT

REFUSED = 2


def prepare(purpose: str) -> None:
    """Install environment, Python packages, front end and models, each only if it changed. Raises Refusal."""
    if purpose == "run":
        check(read_instance(root=ROOT))
    create_environment()
    install_packages(purpose)
    build_front_end()
    install_models(purpose)


def main() -> None:
    """Install for a purpose, then become the rest of the command line in the environment."""
    purpose, *command = sys.argv[1:]
    try:
        prepare(purpose)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(REFUSED)
    os.environ["PATH"] = os.pathsep.join([str(ENVIRONMENT / "bin"), os.environ.get("PATH", os.defpath)])
    os.execvp(command[0], command)  # noqa: S606 - the words come from the Makefile, no shell


if __name__ == "__main__":
    main()
