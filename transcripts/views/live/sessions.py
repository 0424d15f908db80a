"""Speaking, and watching others speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from transcripts import access
from transcripts.selectors import editor, live, retranscription
from transcripts.services.live import lifecycle
from transcripts.services.provider_accounts.accounts import missing_live
from transcripts.services.sharing import shares
from transcripts.views.refusals import shown_on_page
from transcripts.views.uploads.choices import said_in

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def live_page(request: SignedInRequest) -> HttpResponse:
    """Show the form for a new session and the open ones; create one."""
    if request.method == "POST":
        return _begin(request)
    before = live.before(request.user, request.GET.get("team", ""))
    if request.htmx.target == "live-options":
        return render(request, "_partials/live_options.html", {"before": before})
    context = {
        "before": before,
        "open_sessions": live.open_for(request.user),
        "missing": missing_live(for_administrators=request.user.is_staff),
    }
    return render(request, "pages/live.html", context)


def _begin(request: SignedInRequest) -> HttpResponse:
    asked = request.POST
    team = access.get_upload_team(request.user, asked.get("team", ""))
    with shown_on_page(request):
        session = lifecycle.start(
            owner=request.user,
            team=team,
            title=asked.get("title", ""),
            language=asked.get("language", "")[:35],
            said=said_in(asked),
        )
        return redirect("live_session", session.pk)
    return redirect("live")


@require_safe
@login_required
def live_session(request: SignedInRequest, session_id: UUID) -> HttpResponse:
    """Show a session to the one who speaks and to the team; one that ended is its transcript."""
    session = access.get_live_session(request.user, session_id)
    if live.is_being_sealed(session):
        return render(request, "pages/live_keeping.html", {"session": session})
    if not live.is_open(session):
        if why := live.why_ended(session):
            messages.info(request, why)
        return redirect(retranscription.newest(session))
    may_edit = access.allows(request.user, session.recording, access.Level.EDIT)
    socket = f"/ws/live/{session.pk}/"
    data = editor.data(request.user, session.transcript, may_edit=may_edit, socket=socket)
    asides = live.asides(session)
    context = {
        "session": session,
        "data": data,
        "asides": asides,
        "has_content": bool(session.frames or data["rows"] or asides["markers"] or asides["gaps"]),
        "at_ms": session.ms(session.frames),
        "shares": shares.of(session.recording),
        "unmet": live.unmet(session),
        "may_speak": may_edit and session.owner == request.user,
        "may_edit": may_edit,
        "may_decide": access.allows(request.user, session.recording, access.Level.DECIDE),
    }
    return render(request, "pages/live_session.html", context)


@require_POST
@login_required
def live_finish(request: SignedInRequest, session_id: UUID) -> HttpResponse:
    """End a session and keep its recording."""
    session = access.get_live_session(request.user, session_id, need=access.Level.DECIDE)
    lifecycle.finish(session)
    return redirect("live_session", session.pk)
