"""The figures of this machine: `make bench`, or `python -m bench limits` for one of them.

Each prints what it measured as JSON lines too, into `bench-results/`, with versions and the machine's load.
"""

from __future__ import annotations

import importlib
import sys

FIGURES = (
    *("limits", "push", "fidelity", "recovery", "relay", "live", "watching", "alignment"),
    *("recognition", "listening", "dropping", "speakers"),
)


def main() -> None:
    """Run the named figures, separated by blanks or commas, or all of them."""
    names = ",".join(sys.argv[1:]).replace(",", " ").split()
    for name in names or FIGURES:
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
