"""The id that follows one request of a browser: its page, its log lines, the work it caused, the calls to a provider.

It is made here and never taken from a client, who could send another's. A page that fails shows it, a job stores it and
each step of the job continues with it, so that one search in the log finds all of it. Pure, because providers send it.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER: Final = "X-Request-ID"
LENGTH: Final = 16

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the id of what is being done now; empty for work that no request caused."""
    return _current.get()


def begin() -> str:
    """Give what begins now a new id."""
    made = secrets.token_hex(LENGTH // 2)
    _current.set(made)
    return made


@contextmanager
def using(request_id: str) -> Iterator[None]:
    """Continue work that began with this id."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)
