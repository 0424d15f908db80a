"""Run the double of a provider in a process of its own, so that its work isn't measured."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection as Pipe


@contextmanager
def served(serve: Callable[[Pipe], None]) -> Iterator[str]:
    """Run `serve` and yield the address that it sends through the pipe."""
    ours, theirs = multiprocessing.Pipe()
    double = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    double.start()
    try:
        yield ours.recv()
    finally:
        double.terminate()
        double.join()
