"""The stretches of a live session that no words came for while it was spoken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.models import LiveSession


@dataclass(frozen=True, slots=True)
class Gap:
    """The provider was away from `from_ms` until `until_ms` of the session."""

    from_ms: int
    until_ms: int


def of(session: LiveSession) -> list[Gap]:
    """The session's gaps in their order."""
    return [Gap(from_ms, until_ms) for from_ms, until_ms in session.gaps]


def joined(gaps: Sequence[list[int]], from_ms: int, until_ms: int) -> list[list[int]]:
    """The gaps with one more at their end; one with the last if nothing was transcribed between them."""
    if gaps and from_ms <= gaps[-1][1]:
        return [*gaps[:-1], [gaps[-1][0], max(gaps[-1][1], until_ms)]]
    return [*gaps, [from_ms, until_ms]]
