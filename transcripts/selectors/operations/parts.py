"""What the first page of the console is made of: what is wrong, and what can be done about it with one press."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

if TYPE_CHECKING:
    from datetime import datetime


def list_href(table: str, *, app: str = "transcripts", **filters: str | int) -> str:
    """Return where the console lists the rows of a table that a number counts."""
    return f"{reverse(f'admin:{app}_{table}_changelist')}?{urlencode(filters)}"


def at_second(moment: datetime) -> str:
    """Write a moment for a filter; to the second, so that a page that is fetched again has the same links."""
    return moment.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Act:
    """Something that an operator can do, asked once: `name` and `target` are posted, `asks` says what will happen."""

    name: str
    label: str
    target: str
    asks: str
    wants_reason: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One of the rows that a problem is about."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that doesn't work, in words. `is_down`: nothing of its kind works any more.

    `command` is what to type where a process can't be mended from a page. `href` leads to all the rows. `account_id` is
    the provider account that it is about, if any.
    """

    key: str
    what: str
    why: str
    since: datetime | None = None
    acts: tuple[Act, ...] = ()
    command: str = ""
    href: str = ""
    items: tuple[Item, ...] = field(default=())
    is_down: bool = False
    is_notice: bool = False
    account_id: int = 0
