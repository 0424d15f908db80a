"""Reading any provider's HTTP answer: JSON of an object, its sentence for people, what its status code means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcripts.providers.base import (
    Ambiguous,
    AuthenticationFailed,
    BadAnswer,
    Busy,
    MediaRefused,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    TooLarge,
    Unreadable,
)
from transcripts.providers.parsing.values import read_text
from transcripts.providers.retry_after import retry_after_ms

if TYPE_CHECKING:
    from transcripts.providers.http import Reply

MAX_SENTENCE = 300
REFUSALS: dict[int, type[ProviderError]] = {
    400: MediaRefused,
    401: AuthenticationFailed,
    402: QuotaExceeded,
    403: AuthenticationFailed,
    408: Busy,
    413: MediaRefused,
    415: MediaRefused,
    422: MediaRefused,
}


def decode(raw: bytes) -> dict[str, Any]:
    """Read a JSON object. Raises BadAnswer."""
    try:
        # Strict UTF-8, a byte order mark tolerated: a guess at another encoding would corrupt words.
        data = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadAnswer("The provider's answer is not JSON") from error
    if not isinstance(data, dict):
        raise BadAnswer("The provider's answer is not a JSON object")
    return data


def read_json(reply: Reply) -> dict[str, Any]:
    """Read the body of an answer. Raises BadAnswer with the answer's status code."""
    try:
        return decode(reply.body)
    except BadAnswer as error:
        error.status_code = reply.status_code
        raise


def sentence_of(data: dict[str, Any], *, key: str) -> str:
    """The provider's own words for a person, wherever it keeps them: one line, bounded, without the key."""
    errors = data.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    for place in (data.get("message"), data.get("error"), first):
        message = place.get("message") if isinstance(place, dict) else place
        if isinstance(message, str) and message.strip():
            return read_text(message.replace(key, "***"))[:MAX_SENTENCE]
    return ""


def said(reply: Reply, *, key: str) -> str:
    """The sentence of an answer that may be anything; empty where it holds none."""
    try:
        return sentence_of(decode(reply.body), key=key)
    except BadAnswer:
        return ""


def raise_for(reply: Reply, *, key: str, pause_ms: int | None) -> None:
    """Raise what a status code other than 200 means.

    `pause_ms` is the wait for a 429 that names none; None leaves it to whoever tries again.
    """
    code = reply.status_code
    if code == 200:
        return
    sentence = said(reply, key=key)
    if code == 429:
        pause = retry_after_ms(reply.headers, default_ms=pause_ms or 0) or None
        raise RateLimited("The provider asks for a pause", status_code=code, retry_after_ms=pause)
    if code >= 500:
        wish = retry_after_ms(reply.headers, default_ms=0) or None
        raise Busy(sentence or "The provider has a fault of its own", status_code=code, retry_after_ms=wish)
    if code in REFUSALS:
        raise REFUSALS[code](sentence or f"The provider refused the request ({code})", status_code=code)
    if code >= 400:
        raise Refused(sentence or f"The provider does not offer this address ({code})", status_code=code)
    raise BadAnswer(f"The provider answered {code} where 200 was due; check its address", status_code=code)


def unless_taken(error: BadAnswer, reply: Reply | None) -> ProviderError:
    """What a bad answer to an upload means: taken where the whole of a 200 cannot be read, perhaps where it broke off.

    `reply` is the answer, None where its end did not come.
    """
    if error.status_code == 200 and (reply is not None or isinstance(error, TooLarge)):
        return Unreadable(f"{error}; it has taken the audio", raw=reply.body if reply else b"")
    if error.status_code == 200:
        return Ambiguous(f"{error}; it may have taken the upload", status_code=200)
    if error.status_code is not None and error.status_code >= 500:
        return Busy(str(error), status_code=error.status_code)
    return error
