"""Files in parts: HTTP Range (RFC 9110 section 14) from the disk, in memory that does not grow with the file."""

from __future__ import annotations

import asyncio
import re
from typing import IO, TYPE_CHECKING

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from os import stat_result
    from pathlib import Path

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

BLOCK_BYTES = 256 * 1024


class Unsatisfiable(Exception):
    """No byte of the file lies in the range asked for."""


def file_response(request: HttpRequest, path: Path, content_type: str, *, attachment: str = "") -> HttpResponseBase:
    """Answer with the file, or the part of it that is asked for; `attachment` names it for a download."""
    facts = path.stat()
    etag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    try:
        first, last = _asked(request, facts, etag)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{facts.st_size}"})
    whole = last - first + 1 == facts.st_size and "Range" not in request.headers
    body = () if request.method == "HEAD" else _blocks(path, first, last - first + 1)
    response = StreamingHttpResponse(body, status=200 if whole else 206, content_type=content_type)
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Last-Modified"] = http_date(facts.st_mtime)
    response["Cache-Control"] = "private, max-age=3600"
    if not whole:
        response["Content-Range"] = f"bytes {first}-{last}/{facts.st_size}"
    if attachment:
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=attachment) or ""
    return response


def _asked(request: HttpRequest, facts: stat_result, etag: str) -> tuple[int, int]:
    """The first and last byte asked for. What cannot be read as one range is answered whole, as the RFC allows."""
    size = facts.st_size
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", "").replace(" ", ""))
    if not match or match.groups() == ("", "") or not _unchanged(request, facts, etag):
        return 0, size - 1
    begin, end = match.groups()
    if not begin:
        first, last = max(0, size - int(end)), size - 1
        if not int(end):
            raise Unsatisfiable
    else:
        first, last = int(begin), min(int(end), size - 1) if end else size - 1
        if end and int(end) < first:
            return 0, size - 1
    if first >= size:
        raise Unsatisfiable
    return first, last


def _unchanged(request: HttpRequest, facts: stat_result, etag: str) -> bool:
    """Whether what If-Range names is still what lies here."""
    condition = request.headers.get("If-Range")
    if condition is None or condition == etag:
        return True
    return parse_http_date_safe(condition) == int(facts.st_mtime)


async def _blocks(path: Path, first: int, size: int) -> AsyncIterator[bytes]:
    """Read the part block by block, each in a thread: an event loop never waits for the disk."""
    file: IO[bytes] = await asyncio.to_thread(path.open, "rb")
    try:
        await asyncio.to_thread(file.seek, first)
        while size > 0 and (block := await asyncio.to_thread(file.read, min(BLOCK_BYTES, size))):
            size -= len(block)
            yield block
    finally:
        file.close()
