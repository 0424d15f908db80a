"""Resumable uploads: tus 1.0 with creation, termination, checksum and expiration."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from transcripts import access
from transcripts.services.provider_accounts import wishes
from transcripts.services.recordings import batches, parts, upload_refusals, uploads
from transcripts.views.uploads import bodies, choices, tus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import Team
    from transcripts.models import Upload
    from transcripts.views.requests import SignedInRequest


@tus.spoken("OPTIONS", "POST")
def collection(request: SignedInRequest) -> HttpResponse:
    """Say what this server can do, or begin an upload."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=_abilities())
    header = request.headers.get("Upload-Metadata", "")
    said = tus.metadata(header)
    team = _team(request, said.get("team", ""))
    upload = uploads.create(
        owner=request.user,
        team=team,
        filename=said.get("filename", ""),
        language=said.get("language"),
        wishes=wishes.for_upload(team.pk, said),
        folder=choices.folder_id(said.get("folder", "")),
        length=tus.number(request, "Upload-Length"),
        metadata=header,
        transcript=_id(said.get("transcript", ""), "transcript"),
        batch=_batch(said),
    )
    location = request.build_absolute_uri(reverse("upload", args=[upload.pk]))
    return HttpResponse(status=201, headers={"Location": location, **tus.state_of(upload)})


def _id(named: str, what: str) -> UUID | None:
    """Return the id of the imported file or the batch that the upload names."""
    try:
        return UUID(named) if named else None
    except ValueError:
        raise tus.BadRequest(f"The {what} must be named by its id.") from None


def _batch(said: Mapping[str, str]) -> batches.Named | None:
    """Return the batch that the upload belongs to, with how many files its sender says it has."""
    named, files = _id(said.get("batch", ""), "batch"), choices.folder_id(said.get("files", ""))
    return batches.Named(named, files or 1) if named else None


def _team(request: SignedInRequest, slug: str) -> Team:
    try:
        return access.get_upload_team(request.user, slug)
    except access.NeedsSecondStep:
        raise
    except access.NotFound:
        raise access.NotFound("This team doesn’t exist, or you aren’t a member of it. Choose another team.") from None


@tus.spoken("OPTIONS", "HEAD", "PATCH", "DELETE")
def one(request: SignedInRequest, upload_id: UUID) -> HttpResponse:
    """Tell how much arrived, take the next part, or give the upload up."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=_abilities())
    upload = access.get_upload(request.user, upload_id)
    if request.method == "PATCH":
        return HttpResponse(status=204, headers=tus.state_of(_append(request, upload)))
    if request.method == "DELETE":
        uploads.terminate(upload)
        return HttpResponse(status=204)
    return HttpResponse(status=200, headers=_described(upload))


def _described(upload: Upload) -> dict[str, str]:
    if upload.status not in ("receiving", "complete"):
        raise upload_refusals.Gone("This upload expired or was cancelled.")
    metadata = {"Upload-Metadata": upload.metadata} if upload.metadata else {}
    return {**tus.state_of(upload), **metadata, "Upload-Length": str(upload.length)}


def _abilities() -> dict[str, str]:
    return {
        "Tus-Version": tus.VERSION,
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Max-Size": str(settings.MAX_UPLOAD_BYTES),
        "Tus-Checksum-Algorithm": ",".join(parts.CHECKSUMS),
        **tus.part_limit(),
    }


def _append(request: SignedInRequest, upload: Upload) -> Upload:
    if request.content_type != "application/offset+octet-stream":
        raise tus.BadRequest("A part must be sent as application/offset+octet-stream.", 415)
    if "Transfer-Encoding" in request.headers:
        raise tus.BadRequest("A part must state its length in Content-Length.", 411)
    return parts.append(
        upload,
        bodies.source_of(request),
        offset=tus.number(request, "Upload-Offset"),
        size=int(request.headers.get("Content-Length") or 0),
        checksum=tus.checksum(request),
        permission=lambda: bodies.require_still_allowed(request, upload),
    )
