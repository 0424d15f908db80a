"""The operator's console."""

from transcripts.admin import (
    certificates,
    exports,
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
