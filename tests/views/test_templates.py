"""What holds for every template and every answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import path, reverse

from tests import factories
from tests.environment import ROOT
from tests.views.conftest import client_of

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpRequest, HttpResponse
    from pytest_django import Settings

    from tests.factories import Cast

# A file that people send on, which has to need nothing else
FILES = {"quotes_report.html"}
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".jinja"} and path.name not in FILES
)
# What the content security policy would refuse: styles, scripts and handlers written into the page
INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|\shx-on", re.IGNORECASE)


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("a fault that nobody foresaw")


# Served only by the test that makes this module the root of all URLs
urlpatterns = [path("broken/", broken)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_inline_style_or_script(template: Path) -> None:
    assert INLINE.findall(template.read_text()) == []


def test_pages_forbid_whatever_is_not_ours(cast: Cast) -> None:
    policy = client_of(cast.alice).get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_fault_is_a_page_that_says_what_it_means(settings: Settings, cast: Cast) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(cast.alice)
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "Your recordings and transcripts" in response.content.decode()


def test_a_viewer_who_tries_more_reads_why_not(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    response = client_of(cast.vera).post(reverse("recording_delete", args=[recording.pk]))
    assert response.status_code == 403
    assert "You have view-only access. Ask a team owner for edit access." in response.content.decode()


def test_a_page_that_is_not_there_leads_to_the_library(cast: Cast) -> None:
    response = client_of(cast.vera).get("/nowhere/")
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


def test_a_form_from_before_the_sign_in_is_refused_in_words(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    recording = factories.make_recording(cast.team)
    response = client.post(reverse("recording_delete", args=[recording.pk]))
    assert response.status_code == 403
    assert "This page is out of date" in response.content.decode()
