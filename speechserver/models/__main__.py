"""`python -m speechserver.models FOLDER`: name the model that the server would load first."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from speechserver.models import VARIABLE, Model, ModelUnavailable, base, find


def main() -> int:
    """Print the name of that model; exit status 1 and one sentence if there is none."""
    parser = argparse.ArgumentParser(prog="speechserver.models", description="Find the model of the speech server.")
    parser.add_argument("folder", type=Path, help="where models are stored")
    folder = parser.parse_args().folder.resolve()
    try:
        model = _find_or_base(os.environ.get(VARIABLE, ""), folder)
    except ModelUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{model.name}\n")
    return 0


def _find_or_base(name: str, folder: Path) -> Model:
    """Return the model that WHISPER_MODEL names, or base, which the server uses instead. Raises ModelUnavailable."""
    try:
        return find(name, folder)
    except ModelUnavailable as error:
        try:
            return base(folder)
        except ModelUnavailable:
            raise error from None


if __name__ == "__main__":
    sys.exit(main())
