"""The figures of this machine: `make bench`, or `python -m bench limits` for one of them.

Each prints what it measured, and appends it as JSON lines to `bench-results/`, with versions and the machine's load.
"""

from __future__ import annotations

import importlib
import sys

FIGURES = {
    "limits": "pipeline.limits",
    "governor": "pipeline.governor",
    "hosts": "pipeline.hosts",
    "push": "pipeline.push",
    "fidelity": "pipeline.fidelity",
    "recovery": "pipeline.recovery",
    "inflight": "endurance.inflight",
    "faults": "endurance.faults",
    "kills": "endurance.kills",
    "relay": "live.relay",
    "live": "live.frames",
    "viewers": "live.viewers",
    "alignment": "pipeline.alignment",
    "recognition": "recogniser.recognition",
    "latency": "recogniser.latency",
    "upload": "pipeline.upload",
    "ingest": "pipeline.ingest",
    "preparation": "pipeline.preparation",
    "speakers": "recogniser.speakers",
    "estimates": "recogniser.estimates",
    "vocabulary": "recogniser.vocabulary",
    "operations": "editing.operations",
    "page": "editing.page",
    "review": "editing.review",
    "exports": "exports.formats",
    "quotes": "search.quotes",
    "search": "search.speed",
    "library": "library.page",
    "console": "operations.console",
}


def main() -> None:
    """Run the named figures, separated by blanks or commas, or all of them."""
    names = ",".join(sys.argv[1:]).replace(",", " ").split()
    unknown = set(names) - set(FIGURES)
    if unknown:
        sys.exit(f"Unknown figure {', '.join(sorted(unknown))}; choose from {', '.join(FIGURES)}.")
    for name in names or FIGURES:
        importlib.import_module(f"bench.{FIGURES[name]}").main()


if __name__ == "__main__":
    main()
