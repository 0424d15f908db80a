"""What a provider's refusal means to the person whose recording it is: what happened and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers.errors import Busy

if TYPE_CHECKING:
    from transcripts.providers.errors import ProviderError

SENTENCES = {
    "unreadable_answer": (
        "The provider received this recording and may charge for it, but its answer can’t be read ({said}). The answer "
        "is saved: download it, or ask the provider about it. Trying again sends the recording again."
    ),
    "quota_exceeded": "The provider’s quota is used up ({said}). An administrator must renew it; then try again.",
    "media_refused": "The provider can’t use this recording ({said}). Try another language, or convert the file.",
    "unknown_job": "The provider no longer knows this recording ({said}). Try again to send it once more.",
    "unreachable": "The provider couldn’t be reached for a day ({said}). Nothing is lost: try again when it is back.",
    "provider_busy": "The provider was too busy for a day ({said}). Nothing is lost: try again later.",
    "rate_limited": "The provider limited the rate of requests for a day ({said}). Nothing is lost: try again later.",
}
OTHERWISE = "The provider’s answers can’t be used ({said}). Nothing is lost: try again, or ask an administrator."


def reason_for(error: ProviderError, provider: str) -> str:
    """Return why a call is asked again later, naming the provider if the error is its own: its words may be none."""
    said = str(error)
    if not isinstance(error, Busy) or error.status_code is None:
        return said
    words = "" if " " not in said or said.startswith("The provider ") else f": {said}"
    return f"{provider} answered with an error ({error.status_code}){words}"


def message_for(error: ProviderError) -> str:
    """Return a sentence for people; the provider's own words are in it."""
    said = str(error).strip().rstrip(".")
    return SENTENCES.get(error.code, OTHERWISE).format(said=said[:300])
