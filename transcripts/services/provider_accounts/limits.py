"""What an account's provider takes of one recording: how large and how long, said before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers import registry

if TYPE_CHECKING:
    from transcripts.models import ProviderAccount


def objection(account: ProviderAccount, *, size: int, length_ms: int) -> tuple[str, str] | None:
    """Return why the provider takes no audio of so many bytes and milliseconds, as a code and a sentence."""
    if account.max_bytes and size > account.max_bytes:
        limit = f"{account.max_bytes / 1000**2:.0f} MB"
        sentence = f"The audio of this recording is larger than the provider’s limit of {limit}. Cut it into parts."
        return "too_large", sentence
    longest_ms = registry.find(account.kind).documented_limits.longest_ms
    if longest_ms and length_ms > longest_ms:
        limit = f"{longest_ms / 1000:g} seconds"
        sentence = f"This recording is longer than the provider’s limit of {limit}. Cut it into parts."
        return "too_long", sentence
    return None
