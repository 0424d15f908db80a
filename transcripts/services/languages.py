"""Which languages a person may choose for a recording."""

from __future__ import annotations

from dataclasses import dataclass

from transcripts.services import accounts

# Offered where the provider has not said what it knows, the most spoken in newsrooms and courts first.
COMMON = (
    "en", "es", "fr", "de", "pt", "it", "nl", "pl", "uk", "ru", "ar", "he", "fa", "tr", "hi", "bn", "ur", "zh", "ja",
    "ko", "vi", "id", "sv", "da", "nb", "fi", "cs", "hu", "ro", "el", "bg", "sw",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """The languages to choose from. `chosen` is preselected; empty lets the provider decide."""

    languages: tuple[str, ...]
    chosen: str = ""
    may_be_open: bool = True


def offer() -> Offer:
    """Return what the provider that new recordings go to understands."""
    try:
        known = tuple(accounts.current().languages or ())
    except accounts.NoProvider:
        known = ()
    if not known:
        return Offer(COMMON)
    return Offer(known, chosen=known[0], may_be_open=False) if len(known) == 1 else Offer(known)
