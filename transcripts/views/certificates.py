"""Certificates: issued to people who can see the transcript, checked for anyone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import attempts
from transcripts import access
from transcripts.certificates import NotACertificate
from transcripts.services.transcript.certificates import certificates, keys

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from transcripts.views.requests import SignedInRequest

# So many changes are shown; the certificate has all of them.
MOST_CHANGES = 500
SHA256 = re.compile(r"[0-9a-f]{64}")
NO_FILE = "Choose the file of the certificate."
NO_SUM = "A SHA-256 sum has 64 digits, 0 to 9 and a to f."
TOO_MANY = "Too many files were checked from your address. Wait ten minutes, then try again."


@login_required
@require_safe
def certificate(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Return the certificate of an approved transcript."""
    transcript = access.get_transcript(request.user, transcript_id)
    issuer = request.build_absolute_uri("/").rstrip("/")
    file = certificates.issue(transcript, issuer=issuer, actor=request.user)
    filename = f"{transcript.recording.title} (certified).zip"
    disposition = content_disposition_header(as_attachment=True, filename=filename) or "attachment"
    return HttpResponse(file, content_type="application/zip", headers={"Content-Disposition": disposition})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Check a certificate that anyone may bring; it is not stored."""
    context: dict[str, Any] = {"keys": keys.known(), "most": MOST_CHANGES}
    if request.method == "POST":
        context |= _checked(request)
    return render(request, "pages/verify.html", context, status=422 if "sentence" in context else 200)


def _checked(request: HttpRequest) -> dict[str, Any]:
    """Return the verdict, or the sentence that says why there is none."""
    file, asked = request.FILES.get("certificate"), request.POST.get("sha256", "").strip().lower()
    if not attempts.can_check(request):
        return {"sentence": TOO_MANY}
    if file is None or file.file is None:
        return {"sentence": NO_FILE}
    if asked and not SHA256.fullmatch(asked):
        return {"sentence": NO_SUM, "sha256": asked}
    try:
        verdict = certificates.check(file.file)
    except NotACertificate as error:
        return {"sentence": str(error)}
    return {"verdict": verdict, "asked": asked, "is_recording": asked == verdict.manifest.media.sha256}
