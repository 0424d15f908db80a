"""What an account's provider takes at once: how large and how long. What is above that is sent in slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.media.slices import BYTES_A_SECOND, HEAD_BYTES
from transcripts.providers import registry

if TYPE_CHECKING:
    from transcripts.models import ProviderAccount


NO_SLICES = "That is too little to send it in slices. Ask an administrator to choose another provider."
# Shorter slices are more seams than speech
SHORTEST_SLICE_MS = 15_000


def must_be_cut(account: ProviderAccount, *, size: int, length_ms: int) -> bool:
    """Tell whether the provider takes audio of so many bytes and milliseconds only in slices, and would take these."""
    return objection(account, size=size, length_ms=length_ms) is not None and (
        longest_slice_ms(account, length_ms) >= SHORTEST_SLICE_MS
    )


def longest_slice_ms(account: ProviderAccount, length_ms: int) -> int:
    """Return how long a slice may be so that it is within the limits however badly it can be compressed."""
    fits = [length_ms, _longest_ms(account) or length_ms]
    if account.max_bytes:
        fits.append((account.max_bytes - HEAD_BYTES) * 1000 // BYTES_A_SECOND)
    return min(fits)


def objection(account: ProviderAccount, *, size: int, length_ms: int) -> tuple[str, str] | None:
    """Return why the provider takes no audio of so many bytes and milliseconds, as a code and a sentence."""
    if account.max_bytes and size > account.max_bytes:
        limit = f"{account.max_bytes / 1000**2:.0f} MB"
        return "too_large", f"The audio of this recording is larger than the provider’s limit of {limit}. {NO_SLICES}"
    longest_ms = _longest_ms(account)
    if longest_ms and length_ms > longest_ms:
        limit = f"{longest_ms / 1000:g} seconds"
        return "too_long", f"This recording is longer than the provider’s limit of {limit}. {NO_SLICES}"
    return None


def _longest_ms(account: ProviderAccount) -> int | None:
    return registry.find(account.kind).documented_limits.longest_ms


def documented(kind: registry.Kind) -> dict[str, int | None]:
    """Return what the provider documents, as the columns of an account have it."""
    limits = kind.documented_limits
    return {
        "upload_limit": limits.uploads.count if limits.uploads else 0,
        "upload_window_ms": limits.uploads.per_ms if limits.uploads else 60_000,
        "status_interval_ms": limits.status_interval_ms,
        "live_limit": limits.live_sessions or 0,
        "max_bytes": limits.max_bytes,
    }
