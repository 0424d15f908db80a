"""Print figures and store them."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

RESULTS = Path(__file__).resolve().parent.parent / "bench-results"


def report(figure: str, **values: Any) -> None:
    """Print one line of figures and append it to `bench-results/FIGURE.jsonl`."""
    RESULTS.mkdir(exist_ok=True)
    row = {"at": time.strftime("%Y-%m-%dT%H:%M:%S"), "load": os.getloadavg()[0], "python": platform.python_version()}
    with (RESULTS / f"{figure}.jsonl").open("a") as file:
        file.write(json.dumps(row | values) + "\n")
    sys.stdout.write(f"{figure}: " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items()))
    sys.stdout.write("\n")
    sys.stdout.flush()


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value that `share` percent are below."""
    return round(statistics.quantiles(values, n=100, method="inclusive")[share - 1], 1)
