"""The operator's console."""

from transcripts.admin import (
    certificates,
    exports,
    live,
    mail,
    processing,
    providers,
    recordings,
    review,
    sign_in,
    vocabulary,
)

__all__ = [
    "certificates",
    "exports",
    "live",
    "mail",
    "processing",
    "providers",
    "recordings",
    "review",
    "sign_in",
    "vocabulary",
]
