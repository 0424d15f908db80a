"""Spans for OpenTelemetry, if `project/telemetry.py` installed a tracer: requests, steps, calls to providers. Pure.

A span has a name without any value in it (a route, a kind of step), how long it took, and the type of an error; no
address, text or name. All spans of one request have its id, and with it one trace, also those of workers.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from transcripts import request_ids

if TYPE_CHECKING:
    from collections.abc import Iterator


class Tracer(Protocol):
    """What records spans."""

    def record(self, name: str, began_ns: int, attributes: dict[str, Any], error: str) -> None: ...

    def flush(self) -> None: ...


class _Installed:
    tracer: Tracer | None = None


def install(tracer: Tracer | None) -> None:
    """Record spans with this from now on; None records none."""
    _Installed.tracer = tracer


def record(name: str, began_ns: int, error: str = "", **attributes: Any) -> None:
    """Record what began then and ends now."""
    if _Installed.tracer is not None:
        known = {"request_id": request_ids.current(), **attributes}
        _Installed.tracer.record(name, began_ns, known, error)


@contextmanager
def span(name: str, **attributes: Any) -> Iterator[None]:
    """Record what the block does."""
    began, error = time.time_ns(), ""
    try:
        yield
    except Exception as failure:
        error = type(failure).__name__
        raise
    finally:
        record(name, began, error, **attributes)


def flush() -> None:
    """Send what is recorded, before a process ends that no one waits for."""
    if _Installed.tracer is not None:
        _Installed.tracer.flush()
