"""The document template of a team: uploaded, followed by exports, replaced, removed, and gone with its team."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import docx
import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories
from tests.support.templates import template
from tests.views.conftest import client_of
from transcripts import clock
from transcripts.formats.documents import templates as accepted
from transcripts.models import DocumentTemplate
from transcripts.services import storage, templates
from transcripts.services.errors import Refused
from transcripts.services.operations import housekeeping
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db

FRAME = template("{{ team }}: {{ title }} ({{ duration }})", "{{ transcript }}", header="{{ speakers }}")


@pytest.fixture
def cast(db: None, settings: Settings, tmp_path: Path) -> Cast:
    """A team with a storage of its own."""
    settings.MEDIA_ROOT = tmp_path
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    return factories.make_transcript(factories.make_recording(cast.team, owner=cast.alice))


def upload(cast: Cast, person: User, content: bytes = FRAME, **more: Any) -> Any:
    file = SimpleUploadedFile("house style.docx", content)
    return client_of(person).post(reverse("template", args=[cast.team.slug]), {"template": file, **more}, follow=True)


def document_of(transcript: Transcript) -> Any:
    return docx.Document(io.BytesIO(exports.export(transcript, "docx").content))


async def _body(answer: Any) -> bytes:
    return b"".join([part async for part in answer])


def files() -> list[str]:
    folder = storage.path_of("templates")
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_exports_follow_the_template_that_an_owner_uploads(cast: Cast, transcript: Transcript) -> None:
    page = upload(cast, cast.alice).content.decode()
    assert "now follow “house style.docx”" in page
    document = document_of(transcript)
    recording = transcript.recording
    assert document.paragraphs[0].text.startswith(f"{cast.team}: {recording.title} (0:")
    names = ", ".join(speaker.label for speaker in transcript.speakers.order_by("position"))
    assert document.sections[0].header.paragraphs[0].text == names
    said = [segment.text for segment in transcript.segments.order_by("position")]
    assert set(said) <= {paragraph.text for paragraph in document.paragraphs}


def test_other_formats_and_other_teams_have_their_ordinary_look(cast: Cast, transcript: Transcript) -> None:
    before = {name: exports.export(transcript, name).content for name in ("txt", "srt", "md")}
    upload(cast, cast.alice)
    assert {name: exports.export(transcript, name).content for name in before} == before
    elsewhere = factories.make_team("Elsewhere", owner=cast.charlie)
    assert templates.content_of(elsewhere) is None


@pytest.mark.parametrize("name", ["erin", "vera"])
def test_only_those_who_manage_the_team_change_it(cast: Cast, name: str) -> None:
    person = getattr(cast, name)
    assert upload(cast, person).status_code == 403
    upload(cast, cast.alice)
    assert client_of(person).post(reverse("template", args=[cast.team.slug]), {"remove": ""}).status_code == 403
    page = client_of(person).get(reverse("template", args=[cast.team.slug])).content.decode()
    assert "house style.docx" in page
    assert 'name="template"' not in page
    assert DocumentTemplate.objects.get().team == cast.team


def test_the_file_is_downloaded_as_it_is_stored(cast: Cast) -> None:
    upload(cast, cast.alice)
    answer = client_of(cast.vera).get(reverse("template_file", args=[cast.team.slug]))
    assert int(answer["Content-Length"]) == len(templates.content_of(cast.team) or b"")
    assert async_to_sync(_body)(answer) == templates.content_of(cast.team)
    assert 'filename="house style.docx"' in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"PK", accepted.BROKEN), (bytes(accepted.MOST_BYTES + 1), accepted.TOO_LARGE), (b"", "Choose a Word document")],
)
def test_what_is_refused_is_said_on_the_form_and_the_template_stays(cast: Cast, content: bytes, message: str) -> None:
    upload(cast, cast.alice)
    before = templates.content_of(cast.team)
    if content:
        answer = upload(cast, cast.alice, content)
    else:
        answer = client_of(cast.alice).post(reverse("template", args=[cast.team.slug]))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert templates.content_of(cast.team) == before
    assert len(files()) == 1


def test_a_new_template_takes_the_place_of_the_old_one_and_its_file(cast: Cast, transcript: Transcript) -> None:
    upload(cast, cast.alice)
    upload(cast, cast.alice, template("New {{ title }}"))
    assert document_of(transcript).paragraphs[0].text == f"New {transcript.recording.title}"
    assert files() == [str(DocumentTemplate.objects.get().pk)]


def test_a_removed_template_leaves_neither_file_nor_row(cast: Cast, transcript: Transcript) -> None:
    upload(cast, cast.alice)
    upload(cast, cast.alice, b"", remove="")
    assert (files(), DocumentTemplate.objects.count()) == ([], 0)
    assert document_of(transcript).styles["Normal"].font.name == "Calibri"


def test_housekeeping_leaves_the_template_of_a_team(cast: Cast) -> None:
    upload(cast, cast.alice)
    old = (clock.now() - timedelta(days=400)).timestamp()
    [name] = files()
    os.utime(storage.path_of(f"templates/{name}"), (old, old))
    DocumentTemplate.objects.update(created_at=clock.now() - timedelta(days=400))
    housekeeping.run()
    assert files() == [name]


def test_housekeeping_removes_the_template_of_a_deleted_team(cast: Cast) -> None:
    upload(cast, cast.alice)
    cast.team.delete()
    assert len(files()) == 1
    DocumentTemplate.objects.update(created_at=clock.now() - timedelta(days=1))
    housekeeping.run()
    assert (files(), DocumentTemplate.objects.count()) == ([], 0)


def test_an_upload_that_died_before_its_team_had_it_is_removed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.models.Team.objects", None)
    with pytest.raises(AttributeError):
        templates.replace(cast.team, filename="a.docx", content=FRAME, actor=cast.alice)
    assert len(files()) == 1
    housekeeping.run()
    assert len(files()) == 1, "another upload may be writing it"
    DocumentTemplate.objects.update(created_at=clock.now() - timedelta(days=1))
    housekeeping.run()
    assert files() == []


def test_a_full_disk_refuses_and_the_template_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(cast, cast.alice)
    before = templates.content_of(cast.team)
    monkeypatch.setattr(storage, "free_bytes", lambda: 0)
    with pytest.raises(Refused) as refused:
        templates.replace(cast.team, filename="a.docx", content=FRAME, actor=cast.alice)
    assert refused.value.code == "no_space"
    assert templates.content_of(cast.team) == before


def test_an_export_says_that_the_storage_lost_the_template(cast: Cast, transcript: Transcript) -> None:
    upload(cast, cast.alice)
    storage.remove(DocumentTemplate.objects.get().storage_name)
    with pytest.raises(Refused) as refused:
        exports.export(transcript, "docx")
    assert refused.value.code == "template_missing"
    assert client_of(cast.vera).get(reverse("template_file", args=[cast.team.slug])).status_code == 404
