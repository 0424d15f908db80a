"""Files in parts: HTTP Range and conditions (RFC 9110, sections 13 and 14) as nginx answers them, in flat memory."""

from __future__ import annotations

import asyncio
import re
import time
from typing import IO, TYPE_CHECKING, TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from os import stat_result
    from pathlib import Path

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    # Tells whether the rest of a file may still be sent.
    Asked = Callable[[], Awaitable[bool]]

Answer = TypeVar("Answer", bound="HttpResponseBase")

BLOCK_BYTES = 256 * 1024
ASK_EVERY_S = 2.0


class Unsatisfiable(Exception):
    """No byte of the file is in the requested range."""


def file_response(
    request: HttpRequest, path: Path, content_type: str, *, attachment: str = "", may_continue: Asked | None = None
) -> HttpResponseBase:
    """Answer with the file, or the part of it that is asked for; `attachment` names it for a download.

    `may_continue` is asked every other second while the file is sent; it ends where the answer is no. Raises
    FileNotFoundError.
    """
    facts = path.stat()
    size, etag = facts.st_size, f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    if refusal := _unmet(request, facts, etag):
        return refusal
    try:
        part = _asked(request, facts, etag)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    length = last - first + 1
    body = _blocks(path, first, 0 if request.method == "HEAD" else length, may_continue)
    response = StreamingHttpResponse(body, status=206 if part else 200, content_type=content_type)
    response["Content-Length"] = str(length)
    response["Accept-Ranges"] = "bytes"
    _describe(response, facts, etag)
    if part:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    if attachment:
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=attachment) or ""
    return response


def _unmet(request: HttpRequest, facts: stat_result, etag: str) -> HttpResponse | None:
    """Answer 412 or 304 if a condition of the request says so.

    As nginx does it: dates must be equal, not merely later, and if both are given, tag and date must both say that
    nothing changed.
    """
    headers = request.headers
    if "If-Unmodified-Since" in headers and _date(headers["If-Unmodified-Since"]) < int(facts.st_mtime):
        return HttpResponse(status=412)
    if "If-Match" in headers and not _names(headers["If-Match"], etag, is_weak=False):
        return HttpResponse(status=412)
    since, tags = headers.get("If-Modified-Since"), headers.get("If-None-Match")
    if since is None and tags is None:
        return None
    if since is not None and _date(since) != int(facts.st_mtime):
        return None
    if tags is not None and not _names(tags, etag, is_weak=True):
        return None
    return _describe(HttpResponse(status=304), facts, etag)


def _date(text: str) -> int:
    """Read an HTTP date as seconds since 1970; an invalid one counts as 0, before all files."""
    date = parse_http_date_safe(text)
    return -1 if date is None else date


def _names(condition: str, etag: str, *, is_weak: bool) -> bool:
    """Tell whether a list of entity tags names this one; a weak comparison passes over W/."""
    tags = [tag.strip() for tag in condition.split(",")]
    return tags == ["*"] or etag in ([tag.removeprefix("W/") for tag in tags] if is_weak else tags)


def _describe(response: Answer, facts: stat_result, etag: str) -> Answer:
    """Say which version of the file this is. Browsers keep it and ask each time whether they still may."""
    response["ETag"] = etag
    response["Last-Modified"] = http_date(facts.st_mtime)
    response["Cache-Control"] = "private, no-cache"
    return response


def _asked(request: HttpRequest, facts: stat_result, etag: str) -> tuple[int, int] | None:
    """The first and last byte asked for; None for the whole file.

    What cannot be read as one range is answered whole, as the RFC allows. Raises Unsatisfiable.
    """
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", "").replace(" ", ""))
    if not match or not _unchanged(request, facts, etag):
        return None
    begin, end = match.groups()
    if begin:
        return _from(int(begin), int(end) if end else None, facts.st_size)
    return _suffix(int(end), facts.st_size) if end else None


def _from(first: int, last: int | None, size: int) -> tuple[int, int] | None:
    if last is not None and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, size - 1 if last is None else min(last, size - 1)


def _suffix(length: int, size: int) -> tuple[int, int]:
    if not length or not size:
        raise Unsatisfiable
    return max(0, size - length), size - 1


def _unchanged(request: HttpRequest, facts: stat_result, etag: str) -> bool:
    """Whether If-Range names the file as it is now."""
    condition = request.headers.get("If-Range")
    if condition is None or condition == etag:
        return True
    return _date(condition) == int(facts.st_mtime)


async def _blocks(path: Path, first: int, size: int, may_continue: Asked | None) -> AsyncIterator[bytes]:
    """Read the part block by block, each in a thread: an event loop never waits for the disk."""
    asked_at = time.monotonic()
    file: IO[bytes] = await asyncio.to_thread(path.open, "rb")
    try:
        await asyncio.to_thread(file.seek, first)
        while size > 0 and (block := await asyncio.to_thread(file.read, min(BLOCK_BYTES, size))):
            if may_continue and time.monotonic() - asked_at >= ASK_EVERY_S:
                if not await may_continue():
                    return
                asked_at = time.monotonic()
            size -= len(block)
            yield block
    finally:
        file.close()
