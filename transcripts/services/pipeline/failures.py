"""What a provider's refusal means to the person whose recording it is: what happened and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transcripts.providers.errors import ProviderError

SENTENCES = {
    "authentication_failed": (
        "The provider does not accept this instance’s key ({said}). An administrator must set {key_variable} to one "
        "that works; retry then. Nothing is lost."
    ),
    "unreadable_answer": (
        "The provider took this recording and may charge for it, but its answer can’t be read ({said}). The answer is "
        "saved: look at it, or send it to the provider. Retrying sends the recording again."
    ),
    "quota_exceeded": (
        "What the provider account may use is used up ({said}). An administrator must renew it; retry then."
    ),
    "media_refused": "The provider cannot use this recording ({said}). Try another language or convert the file.",
    "unknown_job": "The provider no longer knows this recording ({said}). Retry to send it again.",
    "unreachable": "The provider could not be reached for a day ({said}). Nothing is lost: retry when it is back.",
    "provider_busy": "The provider was too busy for a day ({said}). Nothing is lost: retry later.",
    "rate_limited": "The provider asked for patience for a day ({said}). Nothing is lost: retry later.",
}
OTHERWISE = "The provider’s answers cannot be used ({said}). Nothing is lost: retry, or ask an administrator."


def of(error: ProviderError, *, key_variable: str) -> str:
    """Return a sentence for people; the provider's own words are in it, and the variable that holds its key."""
    said = str(error).strip().rstrip(".")
    return SENTENCES.get(error.code, OTHERWISE).format(said=said[:300], key_variable=key_variable)
