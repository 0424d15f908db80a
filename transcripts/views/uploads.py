"""Resumable uploads: tus 1.0 with creation, termination, checksum and expiration (https://tus.io/protocols)."""

from __future__ import annotations

import base64
import binascii
import errno
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods

from transcripts import access
from transcripts.document.plain import storable
from transcripts.services import processing, uploads
from transcripts.services.accounts import NoProvider

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest

    from transcripts.models import Upload
    from transcripts.views.requests import SignedInRequest

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,checksum,expiration"
CHUNK_BYTES = 8 * 1024 * 1024
CHECKSUM_MISMATCH = 460

STATUS_OF: dict[type[Exception], int] = {
    access.NotFound: 404,
    access.NotAllowed: 403,
    processing.Refused: 422,
    NoProvider: 503,
    uploads.WrongOffset: 409,
    uploads.TooLong: 400,
    uploads.BadChecksum: CHECKSUM_MISMATCH,
    uploads.Busy: 423,
    uploads.Gone: 410,
    uploads.TooLarge: 413,
}


class BadRequest(Exception):
    """A request that is not tus 1.0; carries the status to answer with."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def tus(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Speak tus: check who asks and the version, and answer errors as a status with a sentence."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = _refusal(request) or _answered(view, request, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    return spoken


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if request.method == "OPTIONS":
        return None
    if not request.user.is_authenticated:
        return _sentence("You are signed out. Sign in again; the upload goes on where it stopped.", 401)
    if request.headers.get("Tus-Resumable") != VERSION:
        return _sentence(f"This server speaks tus {VERSION}.", 412, {"Tus-Version": VERSION})
    return None


def _answered(view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except BadRequest as error:
        return _sentence(str(error), error.status)
    except tuple(STATUS_OF) as error:
        return _sentence(str(error) or "There is no such upload.", STATUS_OF[type(error)])
    except OperationalError:
        return _sentence("The database does not answer. The upload goes on by itself.", 503, {"Retry-After": "5"})
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _sentence("The server’s disk is full. What arrived is safe; try again later.", 507)
        raise


def _sentence(text: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)


@require_http_methods(["OPTIONS", "POST"])
@tus
def collection(request: SignedInRequest) -> HttpResponse:
    """Say what this server can do, or begin an upload."""
    if request.method == "OPTIONS":
        return HttpResponse(
            status=204,
            headers={
                "Tus-Version": VERSION,
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": str(settings.MAX_UPLOAD_BYTES),
                "Tus-Checksum-Algorithm": ",".join(uploads.CHECKSUMS),
            },
        )
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    upload = uploads.create(
        owner=request.user,
        team=access.get_upload_team_for(request.user, metadata.get("team", "")),
        filename=metadata.get("filename", ""),
        language=metadata.get("language", ""),
        length=_number(request, "Upload-Length"),
    )
    headers = {"Location": request.build_absolute_uri(reverse("upload", args=[upload.pk]))}
    return HttpResponse(status=201, headers={**headers, **_state(upload)})


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@tus
def one(request: SignedInRequest, upload_id: UUID) -> HttpResponse:
    """Tell how much arrived, take the next part, or give the upload up."""
    upload = access.get_upload_for(request.user, upload_id)
    if request.method == "PATCH":
        return HttpResponse(status=204, headers=_state(_append(request, upload)))
    if request.method == "DELETE":
        uploads.terminate(upload)
        return HttpResponse(status=204)
    if upload.status not in ("receiving", "complete"):
        raise uploads.Gone("This upload expired or was cancelled.")
    return HttpResponse(status=200, headers={**_state(upload), "Upload-Length": str(upload.length)})


def _append(request: HttpRequest, upload: Upload) -> Upload:
    if request.content_type != "application/offset+octet-stream":
        raise BadRequest("A part is sent as application/offset+octet-stream.", 415)
    if "Transfer-Encoding" in request.headers:
        raise BadRequest("A part says its length in Content-Length.", 411)
    size = int(request.headers.get("Content-Length") or 0)
    if size > CHUNK_BYTES:
        raise BadRequest(f"A part is at most {CHUNK_BYTES} bytes.", 413)
    offset = _number(request, "Upload-Offset")
    return uploads.append(upload, request, offset=offset, size=size, checksum=_checksum(request))


def _state(upload: Upload) -> dict[str, str]:
    headers = {"Upload-Offset": str(upload.offset), "Upload-Expires": http_date(upload.expires_at.timestamp())}
    if upload.recording_id:
        headers["Upload-Recording"] = str(upload.recording_id)
    return headers


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadRequest(f"{header} must be a whole number of bytes.")
    return int(text)


def _checksum(request: HttpRequest) -> uploads.Checksum | None:
    header = request.headers.get("Upload-Checksum")
    if not header:
        return None
    algorithm, _, encoded = header.partition(" ")
    if algorithm not in uploads.CHECKSUMS:
        raise BadRequest(f"Checksums may be {', '.join(uploads.CHECKSUMS)}.")
    try:
        return uploads.Checksum(algorithm, base64.b64decode(encoded, validate=True))
    except binascii.Error:
        raise BadRequest("The checksum is not base64.") from None


def _metadata(header: str) -> dict[str, str]:
    """Read `key base64,key base64`. Raises BadRequest."""
    pairs = [part.split(" ") for part in header.split(",") if part.strip()]
    try:
        return {
            pair[0]: storable(base64.b64decode(pair[1], validate=True).decode("utf-8", "replace")) if pair[1:] else ""
            for pair in (part if part[0] else part[1:] for part in pairs)
        }
    except (binascii.Error, IndexError):
        raise BadRequest("Upload-Metadata cannot be read.") from None
