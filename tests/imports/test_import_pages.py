"""The form that imports a transcript, and the transcript that is sent ahead of its media."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.formats import readers
from transcripts.models import ImportedFile, Transcript, Upload

if TYPE_CHECKING:
    from tests.factories import Cast

SRT = b"1\n00:00:01,000 --> 00:00:02,000\nAnna: Hello there.\n\n2\n00:00:03,000 --> 00:00:04,000\nBen: Hi.\n"


def file(content: bytes, name: str = "interview.srt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_an_editor_imports_a_transcript_and_is_led_to_it(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    client = client_of(cast.erin)
    response = client.post(reverse("recording_import", args=[recording.pk]), {"file": file(SRT)}, follow=True)
    made = Transcript.objects.get(recording=recording)
    assert response.redirect_chain[-1][0] == made.get_absolute_url()
    assert "Imported from <bdi>interview.srt</bdi>" in response.content.decode()
    history = client.get(reverse("transcript_history", args=[made.pk])).content.decode()
    assert "Imported from <bdi>interview.srt</bdi>, 2 segments" in history


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (SRT.replace(b"00:00:04,000", b"late"), "Line 6: this isn’t a subtitle time"),
        (b"x" * (readers.MOST_BYTES + 1), "larger than 8 MB"),
    ],
)
def test_a_refused_file_is_told_on_the_form(cast: Cast, content: bytes, message: str) -> None:
    recording = factories.make_recording(cast.team)
    url = reverse("recording_import", args=[recording.pk])
    response = client_of(cast.erin).post(url, {"file": file(content)})
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Transcript.objects.exists()


def test_viewers_import_nothing(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    url = reverse("recording_import", args=[recording.pk])
    assert client_of(cast.vera).post(url, {"file": file(SRT)}).status_code == 403
    assert client_of(cast.charlie).post(url, {"file": file(SRT)}).status_code == 404
    assert not ImportedFile.objects.exists()


def test_an_upload_names_the_transcript_that_was_sent_ahead(cast: Cast) -> None:
    client = client_of(cast.erin)
    answer = client.post(reverse("imports"), {"file": file(SRT)})
    assert answer.status_code == 201
    said = {"filename": "interview.mp3", "team": cast.team.slug, "transcript": answer.json()["id"]}
    header = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Metadata": header}
    assert client.post(reverse("uploads"), headers=headers).status_code == 201
    assert ImportedFile.objects.get().upload == Upload.objects.get()
    again = client.post(reverse("uploads"), headers=headers)
    assert (again.status_code, again.content.decode()[:14]) == (422, "The transcript")
    assert Upload.objects.count() == 1
