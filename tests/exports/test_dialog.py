"""The choice of a format: its options and preview, with and without a script, and the file that it leads to."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from django.urls import reverse

from tests import factories
from tests.support.templates import template
from tests.views.conftest import client_of
from transcripts import formats
from transcripts.models import Export, ExportChoice, Transcript
from transcripts.services import templates
from transcripts.services.exports import files, requests

if TYPE_CHECKING:
    from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    return factories.make_transcript(factories.make_recording(cast.team, "Council meeting"))


def shown(cast: Cast, transcript: Transcript, part: bool = True, **asked: str) -> str:
    headers = {"HX-Request": "true", "HX-Target": "export-form"} if part else {}
    url = reverse("transcript_exports", args=[transcript.pk])
    answer = client_of(cast.erin).get(url, asked, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(cast: Cast, transcript: Transcript, **fields: str) -> Any:
    return client_of(cast.erin).post(reverse("transcript_exports", args=[transcript.pk]), fields)


@pytest.mark.parametrize("name", sorted(formats.FORMATS))
def test_each_format_shows_its_options_and_how_it_begins(cast: Cast, transcript: Transcript, name: str) -> None:
    page = shown(cast, transcript, format=name)
    assert page.strip().startswith('<div id="export-form"')
    for field in formats.FORMATS[name].described:
        assert f'id="option-{field}"' in page
    assert "Good morning everyone" in page
    assert page.count("checked") >= 1


def test_the_preview_follows_the_options(cast: Cast, transcript: Transcript) -> None:
    assert "[00:00:00] Speaker 1:" in shown(cast, transcript, format="txt")
    assert "[00:00:00]" not in shown(cast, transcript, format="txt", times="no")
    assert "Speaker 1:" not in shown(cast, transcript, format="txt", speakers="no")
    assert "Date: " not in shown(cast, transcript, format="docx", details="no")


def test_limits_of_ones_own_are_shown_for_a_custom_profile(cast: Cast, transcript: Transcript) -> None:
    assert shown(cast, transcript, format="srt").count("hidden>") == 6
    assert shown(cast, transcript, format="srt", profile="own").count("hidden>") == 0


def test_a_wrong_option_says_why_there_is_no_preview(cast: Cast, transcript: Transcript) -> None:
    page = shown(cast, transcript, format="srt", profile="own", line="900")
    assert "use a whole number from 16 to 80" in page
    assert 'class="preview"' not in page


def test_without_a_script_the_same_form_is_a_page(cast: Cast, transcript: Transcript) -> None:
    assert "<noscript>" not in shown(cast, transcript, format="csv")
    page = shown(cast, transcript, part=False, format="csv")
    assert "Update options and preview" in page
    assert "<title>" in page
    assert 'id="export-form"' in page
    assert f'href="{transcript.get_absolute_url()}"' in page


def test_download_leads_to_the_file_and_remembers_the_options(cast: Cast, transcript: Transcript) -> None:
    answer = sent(cast, transcript, format="txt", times="no", speakers="yes", csrfmiddlewaretoken="x")
    url = reverse("transcript_export", args=[transcript.pk, "txt"])
    assert (answer.status_code, answer["Location"]) == (302, f"{url}?times=no&speakers=yes")
    file = client_of(cast.erin).get(answer["Location"])
    assert file["Content-Disposition"] == 'attachment; filename="Council meeting.txt"'
    assert file.content.startswith(b"Speaker 1:\nGood morning")
    assert ExportChoice.objects.get().options == {"times": "no", "speakers": "yes"}
    page = shown(cast, transcript)
    assert 'value="txt" checked' in " ".join(page.split())
    assert "[00:00:00]" not in page


def test_a_long_document_is_written_by_a_worker_and_downloaded_when_ready(cast: Cast, transcript: Transcript) -> None:
    Transcript.objects.update(word_count=requests.MANY_WORDS + 1)
    answer = sent(cast, transcript, format="docx")
    export = Export.objects.get()
    assert answer["Location"] == reverse("export", args=[export.pk])
    erin, file_url = client_of(cast.erin), reverse("export_file", args=[export.pk])
    assert "Preparing your export" in erin.get(answer["Location"]).content.decode()
    assert erin.get(file_url).status_code == 404
    files.run(export.pk)
    part = {"HX-Request": "true", "HX-Target": f"export-{export.pk}"}
    page = erin.get(answer["Location"], headers=part).content.decode()
    assert page.strip().startswith(f'<div id="export-{export.pk}"')
    assert file_url in page
    file = erin.get(file_url)
    assert file["Content-Disposition"] == 'attachment; filename="Council meeting.docx"'
    export.refresh_from_db()
    assert file["Content-Length"] == str(export.bytes)
    assert client_of(cast.alice).get(file_url).status_code == 404


def test_a_person_who_left_the_team_has_the_file_no_more(cast: Cast, transcript: Transcript) -> None:
    export = factories.make_export(cast.erin, transcript)
    cast.team.memberships.filter(user=cast.erin).delete()
    assert client_of(cast.erin).get(reverse("export_file", args=[export.pk])).status_code == 404


def test_an_unknown_format_is_not_found(cast: Cast, transcript: Transcript) -> None:
    assert sent(cast, transcript, format="exe").status_code == 404
    assert client_of(cast.erin).post(reverse("exports"), {"format": "exe"}).status_code == 404


def test_the_library_leads_to_an_export_of_what_it_lists(cast: Cast, transcript: Transcript) -> None:
    other = factories.make_transcript(factories.make_recording(cast.team, "Budget"))
    factories.make_recording(cast.team, "Council without a transcript")
    erin = client_of(cast.erin)
    assert f'href="{reverse("exports")}?q=Council"' in erin.get("/?q=Council").content.decode()
    page = erin.get(reverse("exports"), {"q": "council"}).content.decode()
    assert str(transcript.pk) in page
    assert str(other.pk) not in page
    assert "without a transcript" not in page
    answer = erin.post(reverse("exports"), {"format": "txt", "transcript": [str(transcript.pk), str(other.pk)]})
    assert answer["Location"] == reverse("export", args=[Export.objects.get().pk])


@pytest.mark.parametrize("chosen", ["x", "00000000-0000-0000-0000-000000000000"])
def test_what_a_person_cannot_see_is_not_exported(cast: Cast, transcript: Transcript, chosen: str) -> None:
    fields = {"format": "txt", "transcript": [str(transcript.pk), chosen]}
    assert client_of(cast.erin).post(reverse("exports"), fields).status_code == 404
    mine = {"format": "txt", "transcript": [str(transcript.pk)]}
    assert client_of(cast.charlie).post(reverse("exports"), mine).status_code == 404
    assert not Export.objects.exists()


def test_names_of_files_are_safe(cast: Cast) -> None:
    transcript = factories.make_transcript(factories.make_recording(cast.team, "../a\\b: Ünï\n?"))
    answer = client_of(cast.erin).get(reverse("transcript_export", args=[transcript.pk, "txt"]))
    assert unquote(answer["Content-Disposition"]) == "attachment; filename*=utf-8''a-b- Ünï.txt"


def test_the_preview_of_a_word_document_shows_the_template_of_the_team(cast: Cast, transcript: Transcript) -> None:
    content = template(
        "Minutes of {{ title }}", "{{ transcript }}", header="Court of {{ team }}", footer="Confidential"
    )
    templates.replace(cast.team, filename="minutes.docx", content=content, actor=cast.alice)
    [lines] = re.findall(r'class="preview"[^>]*>(.*?)</pre>', shown(cast, transcript, format="docx"), re.DOTALL)
    said = [line for line in html.unescape(lines).splitlines() if line.strip()]
    title = transcript.recording.title
    assert said[:2] == [f"Court of {cast.team}", f"Minutes of {title}"]
    assert any("Good morning everyone" in line for line in said)
    assert said[-1] == "Confidential"
    assert "Confidential" not in shown(cast, transcript, format="pdf")
