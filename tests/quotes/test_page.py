"""The page of the check, its report, and the same in a terminal."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from docx import Document

from tests.quotes.conftest import LINES
from tests.views.conftest import client_of

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript

ARTICLE = f"Hale said: “{LINES[1][1]}” She also said “it rained for the whole week”."


@pytest.fixture
def url() -> str:
    return reverse("quote_check")


def test_the_page_shows_each_quotation_with_its_moment(cast: Cast, interview: Transcript, url: str) -> None:
    page = client_of(cast.vera).post(url, {"text": ARTICLE}).content.decode()
    assert "2 quotations:" in page
    assert "1 exact, 0 differing, 1 not found" in page
    at = interview.segments.get(key="s1").start_ms or 0
    assert f"{interview.get_absolute_url()}#t=0:0{at // 1000}" in page


def test_a_word_document_is_read(cast: Cast, interview: Transcript, url: str) -> None:
    document, content = Document(), io.BytesIO()
    for part in ARTICLE.split(". "):
        document.add_paragraph(part)
    document.save(content)
    file = SimpleUploadedFile("article.docx", content.getvalue())
    assert "1 exact" in client_of(cast.vera).post(url, {"file": file}).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": " "}, "Paste a quotation"),
        ({"text": "“so what”"}, "nothing to check"),
        ({"text": "a" * 200_001}, "too long"),
        ({"file": SimpleUploadedFile("a.docx", b"PK\x03\x04 no document")}, "not a Word document"),
    ],
)
def test_what_can_t_be_checked_is_said(cast: Cast, url: str, sent: dict[str, object], said: str) -> None:
    response = client_of(cast.vera).post(url, sent)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_what_was_sent_is_stored_nowhere_and_shown_as_text(cast: Cast, interview: Transcript, url: str) -> None:
    page = client_of(cast.vera).post(url, {"text": "“<script>alert(1)</script> and more of it”"}).content.decode()
    assert "<script>alert(1)" not in page


def test_the_report_is_a_file_that_needs_nothing_else(cast: Cast, interview: Transcript) -> None:
    response = client_of(cast.vera).post(reverse("quote_report"), {"text": ARTICLE})
    report = response.content.decode()
    assert response["Content-Disposition"] == 'attachment; filename="quotes.html"'
    assert "1 exact, 0 differing, 1 not found" in report
    assert re.search(rf'href="https?://[^/"]+{interview.get_absolute_url()}#t=', report)
    assert "<link" not in report
    assert "<script" not in report


def test_the_terminal_says_the_same_and_tells_by_its_status(cast: Cast, interview: Transcript, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(ARTICLE)
    out = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("check_quotes", article, user="vera@example.org", stdout=out)
    assert "2 quotations: 1 exact, 0 differing, 1 not found; 0 not checked" in out.getvalue()
    assert "Miriam Hale, Interview: Dr Hale: http://" in out.getvalue()
    article.write_text("“The dam was never designed for that much silt”")
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("check_quotes", article, user="vera@example.org", stdout=out)
    assert "[-that-] {+this+}" in out.getvalue()


def test_the_terminal_refuses_bad_input(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("check_quotes", tmp_path / "missing.txt", user="vera@example.org")
    (tmp_path / "a.txt").write_text("“a b c d”")
    with pytest.raises(CommandError):
        call_command("check_quotes", tmp_path / "a.txt", user="nobody@example.org")


def test_commands_can_be_written_with_a_hyphen() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "manage.py", "check-quotes", "--help"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "ARTICLE" in done.stdout
