"""The operator's console."""

from transcripts.admin import (
    certificates,
    exports,
    ledger,
    live,
    mail,
    notifications,
    processing,
    providers,
    recordings,
    review,
    sharing,
    sign_in,
    teams,
    vocabulary,
)

__all__ = [
    "certificates",
    "exports",
    "ledger",
    "live",
    "mail",
    "notifications",
    "processing",
    "providers",
    "recordings",
    "review",
    "sharing",
    "sign_in",
    "teams",
    "vocabulary",
]
