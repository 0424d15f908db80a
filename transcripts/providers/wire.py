"""Reading any provider's HTTP answer: JSON of an object, its sentence for people, what its status code means."""

from __future__ import annotations

import json
import re
import unicodedata
from base64 import b64decode
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from transcripts.document.plain import one_line
from transcripts.providers.errors import (
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
from transcripts.providers.retry_after import retry_after_ms

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_SENTENCE = 300
# No sentence for people is longer
MOST_READ = 10_000
# So much of a key in a row is masked; less than that, such as its end, may be shown
LONG_PART = 12
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
URL_SAFE = str.maketrans("-_", "+/")
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
    for name in ("message", "error", "errors", "err_msg", "detail", "title"):
        place = data.get(name)
        place = place[0] if isinstance(place, list) and place else place
        message = place.get("message") or place.get("msg") if isinstance(place, dict) else place
        if isinstance(message, str) and message.strip():
            return read_text(masked(message, key))[:MAX_SENTENCE]
    return ""


def masked(text: str, key: str) -> str:
    """Return the beginning of a provider's text without the key, or a long part of it, also in base64."""
    sent, text = key.strip(), text[:MOST_READ]
    if not sent:
        return text
    # Between its letters a key may have marks that no one sees
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    text = BASE64.sub(lambda found: "***" if sent in _decoded(found[0]) else found[0], text.replace(sent, "***"))
    return _without_parts(text, sent)


def _decoded(text: str) -> str:
    raw = text.rstrip("=").translate(URL_SAFE)
    raw = raw[: len(raw) - (len(raw) % 4 == 1)]
    return b64decode(raw + "=" * (-len(raw) % 4)).decode(errors="replace")


def _without_parts(text: str, key: str) -> str:
    """Mask each stretch that is also within the key, if it is long enough to be of use to someone."""
    parts = {key[start : start + LONG_PART] for start in range(len(key) - LONG_PART + 1)}
    if not parts:
        return text
    hidden = [False] * len(text)
    for start in range(len(text) - LONG_PART + 1):
        if text[start : start + LONG_PART] in parts:
            hidden[start : start + LONG_PART] = [True] * LONG_PART
    runs = groupby(zip(text, hidden, strict=True), key=lambda pair: pair[1])
    return "".join("***" if is_hidden else "".join(letter for letter, _ in run) for is_hidden, run in runs)


def said(reply: Reply, *, key: str) -> str:
    """The message of an answer that may be anything; empty if it holds none."""
    try:
        return sentence_of(decode(reply.body), key=key)
    except BadAnswer:
        return ""


def raise_for(reply: Reply, *, key: str, pause_ms: int | None) -> None:
    """Raise what a status code other than 200 means.

    `pause_ms` is the wait for a 429 that names none; None leaves it to the caller.
    """
    code = reply.status_code
    if code == 200:
        return
    sentence = said(reply, key=key)
    if code == 429:
        pause = retry_after_ms(reply.headers, default_ms=pause_ms or 0) or None
        raise RateLimited("The provider asks to wait", status_code=code, retry_after_ms=pause)
    if code >= 500:
        wish = retry_after_ms(reply.headers, default_ms=0) or None
        raise Busy(sentence or "The provider has an internal error", status_code=code, retry_after_ms=wish)
    if code in REFUSALS:
        raise REFUSALS[code](sentence or f"The provider refused the request ({code})", status_code=code)
    if code >= 400:
        raise Refused(sentence or f"The provider has no such address ({code})", status_code=code)
    raise BadAnswer(f"The provider answered {code} instead of 200; check its address", status_code=code)


def unless_taken(error: BadAnswer, reply: Reply | None) -> ProviderError:
    """What a bad answer to an upload means: taken if the whole of a 200 cannot be read, perhaps taken if it broke off.

    `reply` is the answer, None if its end did not come.
    """
    if error.status_code == 200 and (reply is not None or isinstance(error, TooLarge)):
        return Unreadable(f"{error}; it has received the audio", raw=reply.body if reply else b"")
    if error.status_code == 200:
        return Ambiguous(f"{error}; it may have received the upload", status_code=200)
    if error.status_code is not None and error.status_code >= 500:
        return Busy(str(error), status_code=error.status_code)
    return error


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, whatever its status code."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes


# bytes travel as a binary frame, text as a text frame.
Frame = bytes | str


@dataclass(frozen=True, slots=True)
class Handshake:
    """How to open the socket. The headers or the address hold the key; both stay out of every log."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    subprotocols: tuple[str, ...] = ()


# Thirty years in seconds: nothing that is measured here comes near.
MAX_NUMBER = 1e9


SECONDS = re.compile(r"([+-]?\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:[eE]([+-]?\d{1,2}))?\s*(?:s|sec|secs|seconds?)?")


CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{0,9})?)")


def read_text(value: object) -> str:
    """Text in composed form on one line, without what cannot be stored; nothing for what is not text."""
    return one_line(value) if isinstance(value, str) else ""


def read_ms(seconds: object) -> int | None:
    """Return seconds as milliseconds, never negative: 8, "8.0", "8.0s" and "0:00:08.0"; None for what is no time."""
    number = _number(seconds)
    if number is None and isinstance(seconds, str):
        number = _number(_written(seconds.strip()))
    return None if number is None else max(0, round(number * 1000))


def read_whole_ms(value: object) -> int | None:
    """Return what is told in whole milliseconds, never negative; None for what is no time."""
    number = _number(value) if isinstance(value, int) else None
    return None if number is None else max(0, int(number))


def _written(text: str) -> float | None:
    if SECONDS.fullmatch(text):
        return float(text.rstrip("second \t"))
    clock = CLOCK.fullmatch(text)
    if clock is None:
        return None
    hours, minutes, seconds = clock.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))


def read_confidence(value: object) -> float | None:
    """Return a probability from 0 to 1."""
    number = _number(value)
    return None if number is None else min(max(number, 0.0), 1.0)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Also false for NaN.
    return float(value) if abs(value) <= MAX_NUMBER else None


def read_speaker(item: dict[str, Any]) -> str | None:
    """Return the label of who speaks."""
    speaker = item.get("speaker")
    # 0 is a speaker; an empty name is none.
    if isinstance(speaker, bool) or not isinstance(speaker, str | int):
        return None
    return read_text(str(speaker)) or None


def read_span(item: dict[str, Any]) -> tuple[int, int | None] | tuple[None, None]:
    """Return start and end in order; the end may be missing, and an end alone is of no use."""
    start_ms, end_ms = read_ms(item.get("start")), read_ms(item.get("end"))
    if start_ms is None:
        return None, None
    return start_ms, None if end_ms is None else max(start_ms, end_ms)


def dicts(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
