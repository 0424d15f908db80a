"""The body of a part: read while it arrives if the server can hand it over so, and from what it received otherwise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth import get_user

from transcripts import access
from transcripts.views.uploads import tus

if TYPE_CHECKING:
    from transcripts.models import Upload
    from transcripts.services.recordings.parts import Source
    from transcripts.views.requests import SignedInRequest


class Received:
    """A body that has arrived whole."""

    def __init__(self, request: SignedInRequest) -> None:
        self._request = request

    def readinto(self, buffer: memoryview) -> int:
        """Copy what comes next; 0 bytes at the end."""
        data = self._request.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def source_of(request: SignedInRequest) -> Source:
    """Return what the part is read from. Raises BadRequest for a body that is received first and too large for it."""
    if arriving := getattr(request, "arriving", None):
        return cast("Source", arriving)
    if int(request.headers.get("Content-Length") or 0) > tus.WHOLE_BYTES:
        raise tus.BadRequest(f"A part that isn’t sent by PATCH can have at most {tus.WHOLE_BYTES} bytes.", 413)
    return Received(request)


def require_still_allowed(request: SignedInRequest, upload: Upload) -> None:
    """Ask again what was true when the part began. Raises BadRequest or NotFound if it no longer is."""
    session = cast("Any", type(request.session))(request.session.session_key)
    person = get_user(cast("Any", SimpleNamespace(session=session)))
    if not person.is_authenticated:
        raise tus.BadRequest(tus.SIGNED_OUT, 401)
    access.get_upload(person, upload.pk)
