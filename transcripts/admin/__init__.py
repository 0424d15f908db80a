"""The operator's console."""

from transcripts.admin import (
    certificates,
    exports,
    live,
    processing,
    providers,
    recordings,
    review,
    sharing,
    teams,
    vocabulary,
)

__all__ = [
    "certificates",
    "exports",
    "live",
    "processing",
    "providers",
    "recordings",
    "review",
    "sharing",
    "teams",
    "vocabulary",
]
