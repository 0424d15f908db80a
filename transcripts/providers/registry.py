"""The kinds of providers, loaded when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from transcripts.providers.base import Limits, RateRule

if TYPE_CHECKING:
    from transcripts.providers.base import Connection, Provider


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of provider: the dotted path of its adapter and the limits that its documentation names."""

    adapter: str
    documented_limits: Limits


KINDS = {
    "speechstream": Kind(
        adapter="transcripts.providers.speechstream.SpeechStream",
        documented_limits=Limits(uploads=RateRule(count=5, per_ms=60_000), status_interval_ms=5_000),
    ),
}


def build(kind: str, connection: Connection) -> Provider:
    """Make the adapter of a kind. Raises ValueError for a kind that nobody wrote."""
    module, _, name = _kind(kind).adapter.rpartition(".")
    provider: Provider = getattr(import_module(module), name)(connection)
    return provider


def documented_limits(kind: str) -> Limits:
    """What a kind's documentation allows. Raises ValueError for a kind that nobody wrote."""
    return _kind(kind).documented_limits


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise ValueError(f"There is no provider kind {kind!r}; there are: {', '.join(KINDS)}")
    return KINDS[kind]
