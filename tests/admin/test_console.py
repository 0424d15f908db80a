"""The operator's console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Team, User
from tests.factories import make_stored_recording
from transcripts import clock
from transcripts.media import run
from transcripts.models import Chunk, ProcessingJob, Recording
from transcripts.services import storage
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from django.db.models import Model
    from django.test import Client

pytestmark = pytest.mark.django_db

OURS = [model for name in ("accounts", "transcripts") for model in apps.get_app_config(name).get_models()]


@pytest.fixture
def console(client: Client) -> Client:
    """The console as a superuser sees it."""
    client.force_login(User.objects.create_superuser("root@example.org", "a password of theirs"))
    return client


@pytest.fixture
def recording() -> Recording:
    environment.from_environment()
    made = make_stored_recording()
    jobs.begin(made, actor=made.owner, language="")
    return made


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_can_be_listed_searched_and_opened(
    console: Client, recording: Recording, model: type[Model]
) -> None:
    options = admin.site.get_model_admin(model)
    assert options.search_fields, f"{model.__name__} cannot be searched"
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert console.get(reverse(f"{name}_changelist"), {"q": "x"}).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert console.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


def test_the_queues_are_in_the_console(console: Client) -> None:
    page = console.get(reverse("admin:index")).content.decode()
    assert "django_rq" in page.lower() or "queues" in page.lower()


def test_what_the_machine_writes_nobody_changes_by_hand(console: Client, recording: Recording) -> None:
    job = ProcessingJob.objects.get()
    response = console.post(reverse("admin:transcripts_processingjob_change", args=[job.pk]), {"status": "failed"})
    assert response.status_code == 403


def act(console: Client, model: str, action: str, pk: object) -> None:
    url = reverse(f"admin:transcripts_{model}_changelist")
    console.post(url, {"action": action, "_selected_action": [str(pk)]})


def test_a_stuck_job_can_be_cancelled_and_retried(console: Client, recording: Recording) -> None:
    first = ProcessingJob.objects.get()
    act(console, "processingjob", "cancel", first.pk)
    assert ProcessingJob.objects.get().status == "cancelled"
    act(console, "processingjob", "retry", first.pk)
    assert ProcessingJob.objects.latest("created_at").status == "queued"


def test_only_what_lies_in_the_bin_is_deleted_for_good(console: Client, recording: Recording) -> None:
    path = storage.path_of(f"originals/{recording.pk}")
    act(console, "recording", "purge", recording.pk)
    assert path.exists()
    Recording.objects.update(deleted_at=clock.now())
    act(console, "recording", "purge", recording.pk)
    assert not Recording.objects.exists()
    assert not path.exists()


def test_a_person_made_in_the_console_gets_a_team(console: Client) -> None:
    fields = {"email": "nora@example.org", "usable_password": "true"}
    fields |= {"password1": "a long password 1", "password2": "a long password 1"}
    console.post(reverse("admin:accounts_user_add"), fields)
    assert Team.objects.get(personal_owner__email="nora@example.org").slug == "nora"


def test_a_person_is_known_by_small_letters(console: Client) -> None:
    fields = {"email": "New@Example.org", "usable_password": "true"}
    fields |= {"password1": "a long password 1", "password2": "a long password 1"}
    console.post(reverse("admin:accounts_user_add"), fields)
    assert User.objects.filter(email="new@example.org").exists()


def test_the_console_is_entered_by_the_one_sign_in_that_counts_tries(client: Client) -> None:
    User.objects.create_superuser("root@example.org", "a password of theirs")
    response = client.post(reverse("admin:login"), {"username": "root@example.org", "password": "a guess"})
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_list_of_what_was_sent_reads_no_answers(console: Client, recording: Recording) -> None:
    Chunk.objects.create(job=ProcessingJob.objects.get(), end_ms=1, answer=b"x")
    with CaptureQueriesContext(connection) as queries:
        console.get(reverse("admin:transcripts_chunk_changelist"))
    assert any("transcripts_chunk" in query["sql"] for query in queries)
    assert not any('"transcripts_chunk"."answer"' in query["sql"] for query in queries)


def test_the_console_is_for_staff_only(client: Client) -> None:
    client.force_login(User.objects.create_user("alice@example.org", "a password of hers"))
    assert client.get(reverse("admin:index")).status_code == 302


def test_the_console_says_what_keeps_decoders_to_their_files(console: Client) -> None:
    page = console.get(reverse("admin:index")).content.decode()
    assert f'data-confinement="{run.confinement()}"' in page


@pytest.mark.parametrize(
    ("kernel", "wrapper", "said"), [(0, None, "none"), (0, "/usr/bin/bwrap", "bubblewrap"), (1, None, "landlock")]
)
def test_confinement_is_told_by_what_the_machine_has(
    monkeypatch: pytest.MonkeyPatch, kernel: int, wrapper: str | None, said: str
) -> None:
    monkeypatch.setattr("transcripts.media.confinement.landlock.version", lambda: kernel)
    monkeypatch.setattr("shutil.which", lambda name, path=None: wrapper)
    assert run.confinement() == said
