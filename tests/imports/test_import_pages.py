"""The form that imports a transcript, and the transcript that is sent ahead of its media."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts import clock
from transcripts.formats import readers
from transcripts.models import ImportedFile, Recording, Transcript, Upload
from transcripts.models.choices import ReviewStage
from transcripts.services.errors import Refused
from transcripts.services.recordings import imports

if TYPE_CHECKING:
    from accounts.models import User
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


def test_the_form_says_that_an_approved_transcript_gives_way(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    url = reverse("recording_import", args=[recording.pk])
    warning = "The present transcript is approved."
    assert warning not in client_of(cast.erin).get(url).content.decode()
    Recording.objects.filter(pk=recording.pk).update(review=ReviewStage.APPROVED)
    assert warning in client_of(cast.erin).get(url).content.decode()


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


def sent(person: User, name: str = "minutes.srt") -> str:
    """Send a transcript alone; return the address of the page that asks for its recording."""
    answer = client_of(person).post(reverse("imports"), {"file": file(SRT, name)})
    return reverse("import_choice", args=[answer.json()["id"]])


def test_a_transcript_without_media_goes_to_the_recording_that_a_person_chooses(cast: Cast) -> None:
    recording = factories.make_recording(cast.team, title="Council meeting")
    url = sent(cast.erin)
    page = client_of(cast.erin).get(url).content.decode()
    assert "minutes.srt" in page
    assert "Council meeting" in page
    answer = client_of(cast.erin).post(url, {"recording": str(recording.pk)}, follow=True)
    made = Transcript.objects.get(recording=recording)
    assert answer.redirect_chain[-1][0] == made.get_absolute_url()
    assert [segment.text for segment in made.segments.order_by("position")] == ["Hello there.", "Hi."]
    assert client_of(cast.erin).get(url).status_code == 404, "it was imported"


def test_only_recordings_that_one_can_edit_are_offered_and_found_by_their_title(cast: Cast) -> None:
    elsewhere = factories.make_team("Elsewhere", owner=cast.charlie)
    for team, title in ((cast.team, "Council meeting"), (cast.team, "Interview"), (elsewhere, "Council of others")):
        factories.make_recording(team, title=title)
    trashed = factories.make_recording(cast.team, title="Council in the trash")
    Recording.objects.filter(pk=trashed.pk).update(deleted_at=clock.now())
    url = sent(cast.erin)
    page = client_of(cast.erin).get(url, {"q": "council"}).content.decode()
    assert [title in page for title in ("Council meeting", "Interview", "others", "trash")] == [True, *[False] * 3]
    part = client_of(cast.erin).get(url, {"q": "x"}, headers={"HX-Request": "true", "HX-Target": "import-choices"})
    assert part.content.decode().lstrip().startswith('<form id="import-choices"')
    assert "No recordings match" in part.content.decode()
    assert "no recordings that you can edit" in client_of(cast.vera).get(sent(cast.vera)).content.decode()


def test_a_recording_of_others_and_no_recording_take_no_transcript(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    for person, wanted, status in (
        (cast.charlie, recording.pk, 404),
        (cast.vera, recording.pk, 403),
        (cast.erin, "none", 404),
    ):
        assert client_of(person).post(sent(person), {"recording": wanted}).status_code == status
    assert not Transcript.objects.exists()


def test_a_recording_that_is_transcribed_now_refuses_and_the_file_can_go_elsewhere(cast: Cast) -> None:
    busy, free = factories.make_recording(cast.team), factories.make_recording(cast.team)
    factories.make_job(busy)
    url = sent(cast.erin)
    answer = client_of(cast.erin).post(url, {"recording": str(busy.pk)})
    assert answer.status_code == 422
    assert "being transcribed" in answer.content.decode()
    assert client_of(cast.erin).post(url, {"recording": str(free.pk)}).status_code == 302
    assert Transcript.objects.get().recording == free


def test_a_file_that_two_windows_import_is_written_once(cast: Cast) -> None:
    first, second = factories.make_recording(cast.team), factories.make_recording(cast.team)
    sent(cast.erin)
    stored = ImportedFile.objects.get()
    imports.import_stored(stored, first, actor=cast.erin)
    with pytest.raises(Refused) as refused:
        imports.import_stored(stored, second, actor=cast.erin)
    assert refused.value.code == "no_import"
    assert Transcript.objects.get().recording == first


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
