"""What ElevenLabs says beyond the status code: its 401 may also mean that the quota is used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers.errors import BadAnswer, ProviderError, QuotaExceeded
from transcripts.providers.wire import decode, raise_for, said

if TYPE_CHECKING:
    from transcripts.providers.wire import Reply

CODES: dict[str, type[ProviderError]] = {"quota_exceeded": QuotaExceeded}


def raise_for_reply(reply: Reply, *, key: str) -> None:
    """Raise what an answer other than 200 means."""
    kind = next((CODES[code] for code in _codes(reply) if code in CODES), None)
    if reply.status_code >= 400 and kind is not None:
        raise kind(said(reply, key=key) or "The provider's quota is used up", status_code=reply.status_code)
    raise_for(reply, key=key, pause_ms=None)


def is_without_permission(reply: Reply) -> bool:
    """Whether the key is known and only can't be used for what was asked."""
    return reply.status_code == 401 and "missing_permissions" in _codes(reply)


def _codes(reply: Reply) -> list[str]:
    try:
        detail = decode(reply.body).get("detail")
    except BadAnswer:
        return []
    return [str(detail.get(name)) for name in ("status", "code")] if isinstance(detail, dict) else []
