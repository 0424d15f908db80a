"""What tus 1.0 says in headers (https://tus.io/protocols/resumable-upload), read and answered.

Every answer is one that a tus client understands: a status and a sentence, never a page.
"""

from __future__ import annotations

import base64
import binascii
import errno
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.utils.http import http_date
from django.views.csrf import csrf_failure

from transcripts import access
from transcripts.document.plain import storable
from transcripts.services.errors import Refused
from transcripts.services.recordings import parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from transcripts.models import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,checksum,expiration"
# A part of our own page: it has a checksum, so one that breaks off is sent again. Others may send the whole rest.
PART_BYTES = 32 * 1024 * 1024
# What a request can carry that is received before this code runs: a POST that means PATCH
WHOLE_BYTES = 8 * 1024 * 1024
CHECKSUM_MISMATCH = 460
SIGNED_OUT = "You are signed out. Sign in again; the upload then continues where it stopped."
LONGEST_NUMBER = 15
# It comes back with every HEAD, in one header.
LONGEST_METADATA = 4096

# What a refusal means to a tus client; any other is 422.
STATUS_OF = {
    "upload_offset": 409,
    "upload_length": 400,
    "upload_checksum": CHECKSUM_MISMATCH,
    "upload_busy": 423,
    "upload_many": 429,
    "upload_gone": 410,
    "upload_complete": 403,
    "file_too_large": 413,
    "no_space": 507,
}


class BadRequest(Exception):
    """A request that is not tus 1.0; carries the status to answer with."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def spoken(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Make a view speak tus: check method, person and version, and answer errors as a status with a sentence.

    The view finds the method in `request.method`, also one that was named in X-HTTP-Method-Override.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.method = _method(request)
            response = _refusal(request, methods) or _answered(view, request, *args, **kwargs)
            return _as_tus(response)

        return answer

    return decorate


def forgery_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a request without a valid CSRF token: in a sentence to a tus client, else as a page."""
    if "Tus-Resumable" not in request.headers:
        return csrf_failure(request, reason=reason)
    return _as_tus(
        sentence("This page is from before you signed in or out. Reload it; the upload then continues.", 403)
    )


def sentence(text: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    """Answer with a sentence for a person."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)


def _as_tus(response: HttpResponse) -> HttpResponse:
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    return response


def _method(request: HttpRequest) -> str:
    """The method that is meant: some proxies let only GET and POST pass."""
    override = request.headers.get("X-HTTP-Method-Override", "").upper()
    return override if override and request.method == "POST" else request.method or ""


def _refusal(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse | None:
    if request.method not in methods:
        return sentence("This address doesn’t support this request.", 405, {"Allow": ", ".join(methods)})
    if request.method == "OPTIONS":
        return None
    if not request.user.is_authenticated:
        return sentence(SIGNED_OUT, 401)
    if request.headers.get("Tus-Resumable") != VERSION:
        return sentence(f"This server speaks tus {VERSION}.", 412, {"Tus-Version": VERSION})
    return None


def _answered(view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except BadRequest as error:
        return sentence(str(error), error.status)
    except access.NotFound as error:
        return sentence(str(error) or "This upload doesn’t exist.", 404)
    except access.NotAllowed as error:
        return sentence(str(error), 403)
    except Refused as refusal:
        return sentence(str(refusal), STATUS_OF.get(refusal.code, 422))
    except OperationalError:
        return sentence("The database does not answer. The upload retries automatically.", 503, {"Retry-After": "5"})
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return sentence(
                "The server’s disk is full. What was uploaded is safe; the upload retries automatically.", 507
            )
        raise


def part_limit() -> dict[str, str]:
    """Return the header that says how large a part can be.

    The successor of tus announces it so (draft-ietf-httpbis-resumable-upload); tus 1.0 has no header for it.
    """
    return {"Upload-Limit": f"max-append-size={settings.MAX_UPLOAD_BYTES}"}


def state_of(upload: Upload) -> dict[str, str]:
    """Return the headers that say how far an upload is."""
    expires = http_date(upload.expires_at.timestamp())
    headers = {"Upload-Offset": str(upload.offset), "Upload-Expires": expires, **part_limit()}
    if upload.folder_id:
        headers["Upload-Folder"] = str(upload.folder_id)
    if upload.recording_id:
        headers["Upload-Recording"] = str(upload.recording_id)
    return headers


def number(request: HttpRequest, header: str) -> int:
    """Read a number of bytes from a header. Raises BadRequest."""
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit()):
        raise BadRequest(f"{header} must be a whole number of bytes.")
    if len(text) > LONGEST_NUMBER:
        raise BadRequest(f"{header} is larger than any file.", 413)
    return int(text)


def checksum(request: HttpRequest) -> parts.Checksum | None:
    """Read what the sender says this part hashes to. Raises BadRequest."""
    header = request.headers.get("Upload-Checksum")
    if not header:
        return None
    algorithm, _, encoded = header.partition(" ")
    if algorithm not in parts.CHECKSUMS:
        raise BadRequest(f"Checksums can be {', '.join(parts.CHECKSUMS)}.")
    try:
        return parts.Checksum(algorithm, base64.b64decode(encoded, validate=True))
    except binascii.Error:
        raise BadRequest("The checksum is not base64.") from None


def metadata(header: str) -> dict[str, str]:
    """Read `key base64,key base64`. Raises BadRequest."""
    if len(header) > LONGEST_METADATA or not header.isascii():
        raise BadRequest(f"Upload-Metadata must be ASCII and at most {LONGEST_METADATA} characters.")
    pairs = [part.split(" ") for part in header.split(",") if part.strip()]
    try:
        named = [part if part[0] else part[1:] for part in pairs]
        return {part[0]: _text(part[1]) if part[1:] else "" for part in named}
    except (binascii.Error, IndexError):
        raise BadRequest("Upload-Metadata cannot be read.") from None


def _text(encoded: str) -> str:
    return storable(base64.b64decode(encoded, validate=True).decode("utf-8", "replace"))
