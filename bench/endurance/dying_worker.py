"""A worker that kills itself, and its work-horse, at a named line: `python -m bench.endurance.dying_worker POINT`."""

from __future__ import annotations

import functools
import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PIPELINE = "transcripts.services.pipeline"
# The queue, the module, the function, and whether it dies before it or once it is done
POINTS = {
    "prepare": ("media", f"{PIPELINE}.preparation", "prepare", "before"),
    "prepared": ("media", f"{PIPELINE}.preparation", "prepare", "after"),
    "store": ("media", "transcripts.services.storage", "store", "before"),
    "stored": ("media", "transcripts.services.storage", "store", "after"),
    "keep_prepared": ("media", f"{PIPELINE}.preparation", "_keep", "before"),
    "kept_prepared": ("media", f"{PIPELINE}.preparation", "_keep", "after"),
    "intend": ("provider", f"{PIPELINE}.submission", "_intend", "before"),
    "intended": ("provider", f"{PIPELINE}.submission", "_intend", "after"),
    "upload": ("provider", f"{PIPELINE}.submission", "_upload", "before"),
    "uploaded": ("provider", f"{PIPELINE}.submission", "_keep_answer", "before"),
    "continue": ("provider", f"{PIPELINE}.submission", "_continue", "before"),
    "continued": ("provider", f"{PIPELINE}.submission", "_continue", "after"),
    "check": ("default", f"{PIPELINE}.polling", "_check_due", "before"),
    "answered": ("default", f"{PIPELINE}.polling", "_keep_answer", "before"),
    "kept_answer": ("default", f"{PIPELINE}.polling", "_keep_answer", "after"),
    "assemble": ("default", f"{PIPELINE}.assembly", "_keep", "before"),
    "assembled": ("default", f"{PIPELINE}.assembly", "_keep", "after"),
}


def main(point: str) -> None:
    """Work on the point's queue until the line is reached."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    queue, module_name, function, moment = POINTS[point]
    module, worker = import_module(module_name), os.getpid()
    setattr(module, function, dying(getattr(module, function), moment, worker))
    from django.core.management import call_command

    call_command("rqworker", queue, "--skip-checks", "-v", "0")


def dying(work: Callable[..., Any], moment: str, worker: int) -> Callable[..., Any]:
    """Return the function with a kill -9 of the worker and of this process before or after it."""

    @functools.wraps(work)
    def wrapped(*arguments: Any, **options: Any) -> None:
        if moment == "after":
            work(*arguments, **options)
        os.kill(worker, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    return wrapped


if __name__ == "__main__":
    main(sys.argv[1])
