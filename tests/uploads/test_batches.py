"""Files that were uploaded together: one progress, one table, at an address for the team."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Role, Team, User
from tests import factories
from tests.uploads.tus import create
from transcripts.models import Batch, Export, ProcessingJob, Recording, Upload
from transcripts.models.choices import JobStatus, UploadStatus
from transcripts.selectors.uploads.batches import INTERRUPTED_AFTER
from transcripts.services.errors import Refused
from transcripts.services.recordings import batches, trash
from transcripts.services.recordings.parts import EXPIRES_AFTER

if TYPE_CHECKING:
    from tests.factories import Cast

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(batch: Batch, person: User, **asked: str) -> str:
    return client_of(person).get(batch.get_absolute_url(), asked).content.decode()


def sentence(page: str) -> str:
    """Return what the page says of the whole batch."""
    found = re.search(r'role="status">(.*?)</p>', page[page.index('id="batch"') :], re.DOTALL)
    assert found
    return " ".join(re.sub("<[^>]*>", "", found[1]).split())


def add(batch: Batch, name: str, *, job: str = "", recording: Recording | None = None, **fields: object) -> Upload:
    """Add a file: transcribed unless its `job` is another way."""
    recording = recording or factories.make_recording(batch.team, name)
    if job:
        factories.make_job(recording, job, error_message="The audio is damaged." if job == JobStatus.FAILED else "")
    else:
        factories.make_transcript(recording)
    fields = {"status": UploadStatus.COMPLETE, "offset": 10, "recording": recording, **fields}
    return receive(batch, name, **fields)


def receive(batch: Batch, name: str, **fields: object) -> Upload:
    whole = {"team": batch.team, "owner": batch.owner, "filename": f"{name}.wav", "length": 10}
    return Upload.objects.create(batch=batch, **{**whole, "expires_at": timezone.now() + EXPIRES_AFTER, **fields})


@pytest.fixture
def batch(cast: Cast) -> Batch:
    """Five files of Erin's: one of each end, one that arrives, and one still in the browser."""
    made = Batch.objects.create(team=cast.team, owner=cast.erin, files=6)
    add(made, "Ready")
    add(made, "Broken", job=JobStatus.FAILED)
    add(made, "Running", job=JobStatus.RUNNING)
    receive(made, "Arriving", offset=5)
    receive(made, "Given up", status=UploadStatus.ABANDONED)
    return made


@pytest.mark.usefixtures("founded")
def test_the_first_upload_of_a_batch_begins_it(client: Client, alice: User) -> None:
    named = uuid.uuid4()
    for _ in range(2):
        assert create(client, 10, batch=str(named), files="120").status_code == 201
    batch = Batch.objects.get()
    assert (batch.pk, batch.owner, batch.files, batch.uploads.count()) == (named, alice, 120, 2)


@pytest.mark.usefixtures("founded")
def test_a_batch_of_another_person_or_team_is_none(client: Client, alice: User) -> None:
    team = Team.objects.create(name="Newsroom", slug="newsroom")
    Membership.objects.create(team=team, user=alice, role=Role.EDITOR)
    foreign = Batch.objects.create(team=team, owner=User.objects.create_user("bob@example.org", "a word"), files=2)
    elsewhere = Batch.objects.create(team=team, owner=alice, files=2)
    for other in (foreign, elsewhere):
        assert create(client, 10, batch=str(other.pk), files="2").status_code == 201
    assert not Upload.objects.exclude(batch=None).exists()


@pytest.mark.usefixtures("founded", "alice")
@pytest.mark.parametrize(("said", "status"), [({"batch": "x"}, 400), ({"batch": str(uuid.uuid4()), "files": "x"}, 201)])
def test_a_batch_that_can_not_be_read(client: Client, said: dict[str, str], status: int) -> None:
    assert create(client, 10, **said).status_code == status


def test_the_page_says_how_far_all_is_and_what_became_of_each(batch: Batch, cast: Cast) -> None:
    page = page_of(batch, cast.vera)
    assert sentence(page).startswith("1 of 6 transcribed, 1 failed. 1 isn’t uploaded")
    for text in ("Ready.wav", "0:41", "English", "The audio is damaged.", "Uploading, 50 %", "Upload cancelled"):
        assert text in page
    assert "Retry 1 failed" not in page  # for viewers
    assert "Retry 1 failed" in page_of(batch, cast.erin)


def test_what_is_wrong_with_a_file_itself_is_not_offered_again(batch: Batch, cast: Cast) -> None:
    ProcessingJob.objects.filter(recording__title="Broken").update(error_code="no_sound_track")
    page = page_of(batch, cast.erin)
    assert "1 of them can’t be transcribed, because of its file" in sentence(page)
    assert not re.search(r"Retry \d+ failed", page)
    add(batch, "Away", job=JobStatus.FAILED)
    assert "Retry 1 failed" in page_of(batch, cast.erin)
    assert batches.retry(Recording.objects.filter(upload__batch=batch), actor=cast.erin) == 1


def test_what_left_the_batch_is_counted(batch: Batch, cast: Cast) -> None:
    Recording.objects.filter(title="Ready").update(team=cast.erin.personal_team)
    said = sentence(page_of(batch, cast.vera))
    assert said.startswith("0 of 6 transcribed, 1 failed. 1 was moved or deleted. 1 isn’t uploaded")


def test_a_file_that_stopped_arriving_says_what_to_do(batch: Batch, cast: Cast) -> None:
    Upload.objects.filter(filename="Arriving.wav").update(
        expires_at=timezone.now() + EXPIRES_AFTER - INTERRUPTED_AFTER - timedelta(seconds=1)
    )
    page = page_of(batch, cast.erin)
    assert "Interrupted at 50 %. Choose the file again to continue." in page
    assert "Uploading, 50 %" not in page


def test_an_upload_that_was_begun_anew_is_one_file(batch: Batch, cast: Cast) -> None:
    """A page that was reloaded as it began one didn't learn its address."""
    receive(batch, "Begun anew")
    newer = receive(batch, "Begun anew")
    assert page_of(batch, cast.erin).count("Begun anew.wav") == 1
    Upload.objects.filter(pk=newer.pk).update(offset=5)
    assert page_of(batch, cast.erin).count("Begun anew.wav") == 1
    # Of two files that are called alike both are there once something of them is
    Upload.objects.filter(filename="Begun anew.wav").update(offset=5)
    assert page_of(batch, cast.erin).count("Begun anew.wav") == 2


def test_an_estimate_comes_with_the_third_file(batch: Batch, cast: Cast) -> None:
    assert "min left" not in page_of(batch, cast.erin)
    add(batch, "Second")
    assert re.search(r"about \d+ min left", sentence(page_of(batch, cast.erin)))


def test_no_one_sees_a_row_that_they_can_not_read(batch: Batch, cast: Cast) -> None:
    trash.delete(Recording.objects.get(title="Ready"), actor=cast.erin)
    elsewhere = factories.make_team("Elsewhere", owner=cast.erin)
    Recording.objects.filter(title="Broken").update(team=elsewhere)
    page = page_of(batch, cast.alice)
    assert "Ready.wav" not in page
    assert "Broken.wav" not in page
    assert sentence(page).startswith("0 of 6 transcribed.")
    assert "Broken.wav" in page_of(batch, cast.erin)
    Recording.objects.all().delete()
    assert "Running.wav" not in page_of(batch, cast.erin)


def test_a_page_has_a_hundred_files_in_few_queries(batch: Batch, cast: Cast) -> None:
    client = client_of(cast.erin)
    for number in range(103):
        add(batch, f"File {number}")
    client.get(batch.get_absolute_url())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        part = client.get(batch.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "batch"})
    # Who is signed in is asked for every page
    own = [one["sql"] for one in queries if "django_session" not in one["sql"]]
    assert len(own) <= MOST_QUERIES, "\n".join(own)
    assert part.content.decode().lstrip().startswith('<section id="batch"')
    assert part.content.decode().count('<th scope="row"') == 100
    assert "Page 1 of 2" in part.content.decode()
    assert page_of(batch, cast.erin, page="2").count('<th scope="row"') == 8
    for odd in ("x", "-1", "99999999", "99", "²"):
        assert page_of(batch, cast.erin, page=odd)


def test_what_failed_is_begun_again(batch: Batch, cast: Cast) -> None:
    response = client_of(cast.erin).post(f"{batch.get_absolute_url()}retry/")
    assert response.headers["Location"] == batch.get_absolute_url()
    assert ProcessingJob.objects.filter(recording__title="Broken", status=JobStatus.QUEUED).count() == 1
    assert ProcessingJob.objects.filter(recording__title="Ready").count() == 1
    with pytest.raises(Refused, match="Nothing in this batch failed"):
        batches.retry(Recording.objects.all(), actor=cast.erin)


def test_all_are_exported_as_one_file(batch: Batch, cast: Cast) -> None:
    add(batch, "Second")
    client = client_of(cast.vera)
    response = client.post(f"{batch.get_absolute_url()}export/", {"format": "srt"})
    export = Export.objects.get()
    assert response.headers["Location"] == f"/exports/{export.pk}/"
    assert (export.format, len(export.transcript_ids)) == ("srt", 2)
    assert client.post(f"{batch.get_absolute_url()}export/").headers["Location"] == batch.get_absolute_url()


def test_the_library_leads_to_what_is_in_progress(batch: Batch, cast: Cast) -> None:
    link = f'href="{batch.get_absolute_url()}"'
    assert link in client_of(cast.erin).get("/").content.decode()
    assert link not in client_of(cast.alice).get("/").content.decode()
    batch.uploads.filter(status=UploadStatus.RECEIVING).update(status=UploadStatus.ABANDONED)
    Recording.objects.filter(title="Running").update(job_status=JobStatus.FAILED)
    assert link not in client_of(cast.erin).get("/").content.decode()
