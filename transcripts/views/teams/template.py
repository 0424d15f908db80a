"""The Word template of a team: its page, the file, and a new one or none in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from transcripts import access
from transcripts.formats import FORMATS
from transcripts.formats.documents.templates import MOST_BYTES, TOO_LARGE
from transcripts.selectors.teams import frame
from transcripts.services import storage, templates
from transcripts.services.errors import Refused
from transcripts.services.recordings.uploads import clean_filename
from transcripts.views.media.ranges import file_response

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from accounts.models import Team
    from transcripts.views.requests import SignedInRequest

NO_FILE = "Choose a Word document (.docx)."
PLACEHOLDERS = {
    "title": "title of the recording",
    "date": "when it was recorded or uploaded",
    "team": "name of the team",
    "speakers": "names of the speakers",
    "duration": "length of the recording in hours, minutes and seconds",
    "transcript": "where the text goes, on a line of its own; without it, the text follows at the end",
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def template_page(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the template of a team, store a new one, or remove it if that button was pressed."""
    if request.method != "POST":
        return _page(request, access.get_team(request.user, slug))
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    if "remove" in request.POST:
        templates.remove(team, actor=request.user)
        messages.success(request, "Removed the document template.")
        return redirect("template", slug)
    try:
        filename, content = _file(request)
        stored = templates.replace(team, filename=filename, content=content, actor=request.user)
    except Refused as refusal:
        return _page(request, team, refusal=str(refusal))
    messages.success(request, f"Word documents of {team} now follow “{stored.filename}”.")
    return redirect("template", slug)


def _page(request: SignedInRequest, team: Team, *, refusal: str = "") -> HttpResponse:
    context = {
        "frame": frame.frame_of(request.user, team.slug),
        "team": team,
        "template": templates.of(team),
        "may_manage": (access.level_in(request.user, team) or 0) >= access.Level.MANAGE,
        "refusal": refusal,
        "placeholders": [(f"{{{{ {name} }}}}", meaning) for name, meaning in PLACEHOLDERS.items()],
    }
    return render(request, "pages/template.html", context, status=422 if refusal else 200)


def _file(request: SignedInRequest) -> tuple[str, bytes]:
    """Return the name and the bytes of the file that was sent. Raises Refused; one that is too large is not read."""
    file = request.FILES.get("template")
    if file is None:
        raise Refused("template", NO_FILE)
    if (file.size or 0) > MOST_BYTES:
        raise Refused("template", TOO_LARGE)
    return clean_filename(file.name or "template.docx"), file.read()


@require_safe
@login_required
def template_file(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """Send the template, to change it in Word."""
    template = templates.of(access.get_team(request.user, slug))
    if template is None:
        raise access.NotFound
    path = storage.path_of(template.storage_name)
    try:
        return file_response(request, path, FORMATS["docx"].content_type, attachment=template.filename)
    except FileNotFoundError:
        raise access.NotFound from None
