"""Exports that a worker writes: whole, once, for the person who asked, told, and gone when their time is over."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests import factories
from tests.pipeline.crashes import Killed, die
from transcripts import access, clock, events, formats, jobs, queue
from transcripts.models import Export, Transcript
from transcripts.services import storage
from transcripts.services.errors import Refused
from transcripts.services.exports import files, requests
from transcripts.services.operations import conductor, housekeeping
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    import redis

    from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


@pytest.fixture
def transcripts(cast: Cast) -> list[Transcript]:
    titles = ["Council", "council", "a/b: \u202ec?", "CON"]
    return [factories.make_transcript(factories.make_recording(cast.team, title)) for title in titles]


def path_of(export: Export) -> Path:
    return storage.path_of(export.storage_name)


def run(export: Export) -> Export:
    files.run(export.pk)
    export.refresh_from_db()
    return export


def let_lease_run_out(export: Export) -> None:
    Export.objects.filter(pk=export.pk).update(lease_until=clock.now() - timedelta(seconds=1))


def test_one_transcript_is_one_file(cast: Cast, transcripts: list[Transcript]) -> None:
    export = run(requests.request(cast.vera, transcripts[:1], "txt", {"times": "no"}))
    assert (export.status, export.filename, export.error_message) == ("ready", "Council.txt", "")
    assert path_of(export).read_text() == (
        "Speaker 1:\nGood morning everyone and welcome.\n\nSpeaker 2:\nThank you, chair.\n"
    )
    assert export.bytes == path_of(export).stat().st_size


def test_many_are_a_zip_of_files_with_safe_names_no_two_alike(cast: Cast, transcripts: list[Transcript]) -> None:
    export = run(requests.request(cast.vera, transcripts, "srt", {"profile": "bbc"}))
    assert (export.filename, export.content_type) == ("4 transcripts.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(path_of(export).read_bytes())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["Council.srt", "council (2).srt", "a-b- c.srt", "transcript CON.srt"]
        assert b"Good morning" in archive.read("council (2).srt")


def test_a_worker_is_woken_once_and_again_by_the_conductor(
    cast: Cast, transcripts: list[Transcript], redis_client: redis.Redis, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        export = requests.request(cast.vera, transcripts, "txt", {})
        conductor.wake_exports()
    assert [job for job in queue.waiting("default") if str(export.pk) in job] != []
    redis_client.flushall()
    with django_capture_on_commit_callbacks(execute=True):
        conductor.wake_exports()
    [job] = queue.waiting("default")
    assert job.startswith(f"export-{export.pk}-")
    with django_capture_on_commit_callbacks(execute=True):
        conductor.wake_exports()
    assert queue.waiting("default") == [job]


@pytest.mark.parametrize(
    ("module", "line"),
    [(files, "_write"), (files, "_rendered"), (storage, "store"), (files, "_end")],
)
def test_a_worker_killed_at_a_line_costs_nothing_but_time(
    cast: Cast, transcripts: list[Transcript], monkeypatch: pytest.MonkeyPatch, module: object, line: str
) -> None:
    export = requests.request(cast.vera, transcripts, "txt", {})
    with monkeypatch.context() as patched:
        patched.setattr(module, line, die)
        with pytest.raises(Killed):
            jobs.run_export(str(export.pk))
    files.recover_expired()
    assert files.queued() == []
    let_lease_run_out(export)
    files.recover_expired()
    assert files.queued() == [export.pk]
    assert run(export).status == "ready"
    assert zipfile.is_zipfile(path_of(export))


def test_an_export_that_kills_its_workers_ends_and_says_so(cast: Cast, transcripts: list[Transcript]) -> None:
    export = requests.request(cast.vera, transcripts, "txt", {})
    for _ in range(files.MOST_KILLS):
        Export.objects.filter(pk=export.pk, status="queued").update(
            status="running", lease_until=clock.now() - timedelta(seconds=1)
        )
        files.recover_expired()
    export.refresh_from_db()
    assert (export.status, export.error_message) == ("failed", files.DIED)


def test_a_worker_that_lost_its_lease_changes_nothing(
    cast: Cast, transcripts: list[Transcript], monkeypatch: pytest.MonkeyPatch
) -> None:
    export = requests.request(cast.vera, transcripts[:1], "txt", {})
    store = storage.store

    def store_after_another_claim(source: Path, name: str) -> int:
        Export.objects.filter(pk=export.pk).update(fence=99)
        return store(source, name)

    monkeypatch.setattr(storage, "store", store_after_another_claim)
    assert run(export).status == "running"


def test_an_export_is_written_by_one_worker(cast: Cast, transcripts: list[Transcript]) -> None:
    export = run(requests.request(cast.vera, transcripts[:1], "txt", {}))
    finished_at = export.finished_at
    assert run(export).finished_at == finished_at


def test_people_are_told_when_the_file_is_ready(
    cast: Cast, transcripts: list[Transcript], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, UUID | None]] = []
    monkeypatch.setattr(events, "publish_to_team", lambda event, team_id, pk=None: told.append((event, pk)))
    export = requests.request(cast.vera, transcripts[:1], "txt", {})
    run(export)
    assert told == [("export.changed", export.pk)] * 2


def test_a_deleted_transcript_is_told_and_not_left_out(cast: Cast, transcripts: list[Transcript]) -> None:
    export = requests.request(cast.erin, transcripts, "txt", {})
    trash.delete(transcripts[1].recording, actor=cast.erin)
    assert (run(export).status, export.error_message) == ("failed", files.GONE)
    with pytest.raises(access.NotFound):
        access.get_export(cast.erin, export.pk)


def test_a_failure_names_the_transcript(cast: Cast) -> None:
    khmer = factories.make_transcript(factories.make_recording(cast.team, "Khmer"), [("A", "ភាសា")])
    export = run(requests.request(cast.vera, [khmer], "pdf", {}))
    assert export.status == "failed"
    assert export.error_message.startswith("Khmer: The PDF fonts of this instance have no letters for")


def test_an_unexpected_error_ends_the_export(
    cast: Cast, transcripts: list[Transcript], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "render", lambda *arguments: 1 / 0)
    export = run(requests.request(cast.vera, transcripts, "txt", {}))
    assert (export.status, export.error_message) == ("failed", files.UNFORESEEN)


def test_a_full_disk_is_told(cast: Cast, transcripts: list[Transcript], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "free_bytes", lambda: 0)
    assert run(requests.request(cast.vera, transcripts, "txt", {})).error_message == files.NO_SPACE


def test_housekeeping_removes_what_expired_and_nothing_else(cast: Cast, transcripts: list[Transcript]) -> None:
    old = factories.make_export(cast.vera, *transcripts)
    new = factories.make_export(cast.vera, *transcripts)
    Export.objects.filter(pk=old.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    housekeeping.run()
    assert list(Export.objects.all()) == [new]
    assert (path_of(old).exists(), path_of(new).exists()) == (False, True)


def test_a_person_waits_for_a_few_files_at_a_time(cast: Cast, transcripts: list[Transcript]) -> None:
    for _ in range(requests.MOST_WAITING):
        requests.request(cast.vera, transcripts[:1], "txt", {})
    with pytest.raises(Refused, match="You have 5 exports waiting already"):
        requests.request(cast.vera, transcripts[:1], "txt", {})
    assert requests.request(cast.erin, transcripts[:1], "txt", {}).status == "queued"


@pytest.mark.parametrize(("count", "message"), [(0, "at least one"), (1_001, "at most 1000")])
def test_the_number_of_transcripts_is_limited(cast: Cast, count: int, message: str) -> None:
    transcript = factories.make_transcript(factories.make_recording(cast.team))
    with pytest.raises(Refused, match=message):
        requests.request(cast.vera, [transcript] * count, "txt", {})


def test_options_are_remembered_by_team_and_format_the_latest_first(cast: Cast) -> None:
    requests.remember(cast.erin, cast.team, "srt", {"profile": "bbc"})
    requests.remember(cast.alice, cast.team, "txt", {"times": "no"})
    requests.remember(cast.alice, cast.team, "srt", {"profile": "ted"})
    requests.remember(cast.vera, cast.team, "csv", {})
    assert list(requests.remembered(cast.team).items()) == [("srt", {"profile": "ted"}), ("txt", {"times": "no"})]


def test_remembered_options_that_no_longer_exist_are_forgotten(cast: Cast) -> None:
    requests.remember(cast.erin, cast.team, "srt", {"gone": "yes"})
    assert requests.remembered(cast.team) == {"srt": {}}
