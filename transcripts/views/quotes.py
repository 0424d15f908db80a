"""The check of quotations: the page, and its report as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from accounts.adapter import public_url
from transcripts import clock
from transcripts.document.plain import storable
from transcripts.document.quotes.article import LONGEST_ARTICLE
from transcripts.formats.readers import MOST_BYTES, Unreadable, articles
from transcripts.selectors.quotes import check

if TYPE_CHECKING:
    from typing import Any

    from transcripts.views.requests import SignedInRequest

NOTHING = "Paste a quotation or an article, or choose a file."
NO_QUOTES = "There is nothing to check in this text: quotations of three words and more are checked."
TOO_LONG = f"This text is too long. Check up to {LONGEST_ARTICLE:,} characters at a time."
TOO_LARGE = "This file is larger than 8 MB. An article is smaller."


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def quote_check(request: SignedInRequest) -> HttpResponse:
    """Ask for an article, and show its quotations as they were said."""
    if request.method != "POST":
        return render(request, "pages/quotes.html", {"most": LONGEST_ARTICLE})
    context = _checked(request)
    return render(request, "pages/quotes.html", context, status=422 if context["refusal"] else 200)


@require_POST
@login_required
def quote_report(request: SignedInRequest) -> HttpResponse:
    """Return the report as a file that needs nothing else, to be sent to someone."""
    context = _checked(request)
    if context["refusal"]:
        return redirect("quote_check")
    page = render_to_string("pages/quotes_report.html", {**context, "at": clock.now(), "checker": request.user})
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="quotes.html"'
    return response


def _checked(request: SignedInRequest) -> dict[str, Any]:
    text, refusal = _text(request)
    report = None if refusal else check.check(text, request.user)
    if report is not None and not report.checked:
        report, refusal = None, NO_QUOTES
    base = public_url(request).rstrip("/")
    return {"text": text, "report": report, "refusal": refusal, "base": base, "most": LONGEST_ARTICLE}


def _text(request: SignedInRequest) -> tuple[str, str]:
    """Return the text that was sent, or what is wrong with it. It is stored nowhere."""
    text, file = request.POST.get("text", ""), request.FILES.get("file")
    if file is not None:
        if (file.size or 0) > MOST_BYTES:
            return text, TOO_LARGE
        try:
            text = articles.read(file.read())
        except Unreadable as error:
            return text, str(error)
    text = storable(text.replace("\r\n", "\n"))
    if len(text) > LONGEST_ARTICLE:
        return text[:LONGEST_ARTICLE], TOO_LONG
    return text, "" if text.strip() else NOTHING
