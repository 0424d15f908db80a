"""What OpenAI's error codes mean beyond the status code."""

from __future__ import annotations

from typing import Any

from transcripts.providers.errors import (
    AuthenticationFailed,
    BadAnswer,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    Unreachable,
)
from transcripts.providers.wire import Reply, decode, raise_for, sentence_of

# Codes that end a request or a session for a reason of their own; the status code of a request says the rest.
CODES: dict[str, type[ProviderError]] = {
    "invalid_api_key": AuthenticationFailed,
    "insufficient_quota": QuotaExceeded,
    "billing_hard_limit_reached": QuotaExceeded,
    "billing_not_active": QuotaExceeded,
}
LIVE_CODES: dict[str, type[ProviderError]] = {
    **CODES,
    "rate_limit_exceeded": RateLimited,
    "session_expired": Unreachable,
    "invalid_model": Refused,
    "model_not_found": Refused,
    "beta_api_shape_disabled": Refused,
}


def raise_for_reply(reply: Reply, *, key: str) -> None:
    """Raise what an answer other than 200 means. A 429 may also say that the money is used up."""
    data = _data(reply)
    kind = next((CODES[code] for code in codes_of(data) if code in CODES), None)
    if reply.status_code >= 400 and kind is not None:
        raise kind(sentence_of(data, key=key) or "The provider refuses this account", status_code=reply.status_code)
    raise_for(reply, key=key, pause_ms=None)


def codes_of(data: dict[str, Any]) -> list[str]:
    """The code and the type of an error; either may say what it is."""
    error = data.get("error")
    return [str(error.get(name)) for name in ("code", "type")] if isinstance(error, dict) else []


def _data(reply: Reply) -> dict[str, Any]:
    try:
        return decode(reply.body)
    except BadAnswer:
        return {}
