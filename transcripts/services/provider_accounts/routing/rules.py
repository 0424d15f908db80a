"""Which rule comes before which: pure functions (decision 50).

A team's rules come before those of the instance, one for a language before one for any, one for a kind of media before
one for any, and of equals the lower order. All rules that fit are one list: if the first account can't take something,
the next is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be sent: whose it is, in which language (empty: to be detected), and of which media."""

    team_id: int
    language: str = ""
    media: str = "audio"


@dataclass(frozen=True, slots=True)
class Rule:
    """A route without its rows. No team, language or media means any."""

    account_id: int
    order: int = 0
    team_id: int | None = None
    language: str = ""
    media: str = ""


def accounts_in_order(rules: Iterable[Rule], work: Work) -> list[int]:
    """Return the ids of the accounts for this work, the first choice first, each once."""
    fitting = sorted((rule for rule in rules if fits(rule, work)), key=_place)
    return list(dict.fromkeys(rule.account_id for rule in fitting))


def fits(rule: Rule, work: Work) -> bool:
    """Tell whether a rule is for this work; one for “de” is also for “de-AT”, but not the reverse."""
    return (
        rule.team_id in (None, work.team_id)
        and rule.media in ("", work.media)
        and (not rule.language or f"{work.language}-".lower().startswith(f"{rule.language}-".lower()))
    )


def _place(rule: Rule) -> tuple[bool, int, bool, int, int]:
    """Return what rules are sorted by: of languages that fit the same work, the longer tag is the more particular."""
    return rule.team_id is None, -len(rule.language), not rule.media, rule.order, rule.account_id


def alike(listed: Sequence[T], kind: Callable[[T], Hashable]) -> list[list[T]]:
    """Group what follows each other in a list and is of the same kind: these share the work."""
    return [list(group) for _, group in groupby(listed, kind)]
