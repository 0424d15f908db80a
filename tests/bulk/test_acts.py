"""Acts on many recordings: done once, in batches, to the end whatever dies, told, undone for a day, and forgotten."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError

from tests import factories
from tests.bulk.conftest import begin, do, outcomes, run, undo
from tests.pipeline.crashes import Killed, die
from transcripts import clock, events, jobs, queue
from transcripts.models import BulkAct, BulkItem, Recording
from transcripts.selectors.bulk import acts as selector
from transcripts.services.bulk import acts, worker
from transcripts.services.bulk.verbs import delete
from transcripts.services.errors import Refused
from transcripts.services.operations import conductor, housekeeping
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from uuid import UUID

    import redis

    from accounts.models import User
    from tests.factories import Cast


def let_lease_run_out(act: BulkAct) -> None:
    BulkAct.objects.filter(pk=act.pk).update(lease_until=clock.now() - timedelta(seconds=1))


def present() -> int:
    return Recording.objects.filter(deleted_at=None).count()


def test_the_same_act_sent_twice_is_done_once(cast: Cast, recordings: list[Recording]) -> None:
    name = uuid.uuid4()
    sent = [acts.begin(cast.erin, recordings, verb="delete", parameters={}, client_id=name) for _ in range(2)]
    assert sent[0] == sent[1]
    assert BulkItem.objects.count() == 3
    others = acts.begin(cast.alice, recordings, verb="delete", parameters={}, client_id=name)
    assert others != sent[0]


def test_two_tabs_that_delete_the_same_delete_it_once(cast: Cast, recordings: list[Recording]) -> None:
    first, second = begin(cast.erin, recordings, "delete"), begin(cast.erin, recordings, "delete")
    run(first)
    run(second)
    assert {outcome for outcome, _, _ in outcomes(second).values()} == {"refused"}
    undo(first)
    assert present() == 3


def test_a_worker_is_woken_once_and_again_by_the_conductor(
    cast: Cast, recordings: list[Recording], redis_client: redis.Redis, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        act = begin(cast.erin, recordings, "delete")
        conductor.wake_bulk_acts()
    assert [job for job in queue.waiting("default") if str(act.pk) in job] != []
    redis_client.flushall()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            conductor.wake_bulk_acts()
        [job] = queue.waiting("default")
        assert job.startswith(f"bulk-{act.pk}-")


@pytest.mark.parametrize(
    ("module", "line"), [(worker, "_recording"), (trash, "delete"), (worker, "tell"), (worker, "_end")]
)
@pytest.mark.parametrize("is_undo", [False, True])
def test_a_worker_killed_at_a_line_costs_nothing_but_time(
    cast: Cast, recordings: list[Recording], monkeypatch: pytest.MonkeyPatch, module: Any, line: str, is_undo: bool
) -> None:
    monkeypatch.setattr(worker, "BATCH", 2)
    act = begin(cast.erin, recordings, "delete")
    if is_undo:
        run(act)
        acts.undo(act)
    if (module, line, is_undo) == (trash, "delete", True):
        line = "restore"
    calls: list[object] = []
    real = getattr(module, line)

    def die_the_second_time(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        return real(*args, **kwargs) if len(calls) == 1 and line != "_end" else die()

    with monkeypatch.context() as patched:
        patched.setattr(module, line, die_the_second_time)
        with pytest.raises(Killed):
            jobs.run_bulk_act(str(act.pk))
    worker.recover_expired()
    assert worker.queued() == []
    let_lease_run_out(act)
    worker.recover_expired()
    assert worker.queued() == [act.pk]
    assert run(act).status == ("undone" if is_undo else "done")
    assert present() == (3 if is_undo else 0)
    assert len({one.pk for one in act.items.all() if one.outcome == "done"}) == 3


def test_an_act_that_kills_its_workers_ends_says_so_and_can_be_undone(
    cast: Cast, recordings: list[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "BATCH", 1)
    act = begin(cast.erin, recordings, "delete")
    worker_dies_after(monkeypatch, 2)
    with pytest.raises(Killed):
        worker.run(act.pk)
    monkeypatch.undo()
    for _ in range(worker.MOST_KILLS):
        BulkAct.objects.filter(pk=act.pk, status="queued").update(status="running", lease_until=clock.now())
        let_lease_run_out(act)
        worker.recover_expired()
    act.refresh_from_db()
    assert (act.status, act.error_message, present()) == ("failed", worker.DIED, 2)
    assert selector.shown(act).can_undo
    assert (undo(act).status, present()) == ("undone", 3)


def worker_dies_after(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    begun: list[object] = []
    real = worker._recording

    def counted(*args: Any, **kwargs: Any) -> Any:
        begun.append(args)
        return real(*args, **kwargs) if len(begun) < steps else die()

    monkeypatch.setattr(worker, "_recording", counted)


def test_a_worker_that_lost_its_lease_changes_nothing(
    cast: Cast, recordings: list[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    act = begin(cast.erin, recordings, "delete")
    left = worker._left

    def claimed_by_another(mine: BulkAct) -> Any:
        BulkAct.objects.filter(pk=act.pk).update(fence=99)
        return left(mine)

    monkeypatch.setattr(worker, "_left", claimed_by_another)
    monkeypatch.setattr(worker, "BATCH", 1)
    assert run(act).status == "running"
    assert present() == 2


def test_one_recording_that_fails_unexpectedly_stops_no_other(
    cast: Cast, recordings: list[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = delete.Delete.do

    def fail(self: Any, recording: Recording, parameters: dict[str, Any], actor: User) -> Any:
        if recording == recordings[1]:
            raise RuntimeError("a mistake of ours")
        return real(self, recording, parameters, actor)

    monkeypatch.setattr(delete.Delete, "do", fail)
    act = do(cast.erin, recordings, "delete")
    assert (act.status, present()) == ("done", 1)
    assert outcomes(act)["Tape 1"] == ("refused", "", worker.UNFORESEEN)


def test_a_busy_database_is_waited_for(
    cast: Cast, recordings: list[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    act = begin(cast.erin, recordings, "delete")
    with monkeypatch.context() as patched:
        patched.setattr(trash, "delete", busy)
        assert run(act).status == "running"
    let_lease_run_out(act)
    worker.recover_expired()
    assert (run(act).status, present()) == ("done", 0)


def test_a_person_who_can_no_longer_sign_in_does_nothing_any_more(cast: Cast, recordings: list[Recording]) -> None:
    act = begin(cast.erin, recordings, "delete")
    cast.erin.is_active = False
    cast.erin.save()
    run(act)
    assert present() == 3


def test_the_person_alone_is_told_how_far_it_is(
    cast: Cast, recordings: list[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, int, UUID | None]] = []
    monkeypatch.setattr(events, "publish_to_team", lambda event, team, pk=None: told.append((event, team, pk)))
    act = do(cast.erin, recordings, "tag", name="dam")
    own, shared = cast.erin.personal_team.pk, cast.team.pk
    assert told == [
        ("bulk.changed", own, act.pk),
        ("bulk.changed", own, act.pk),
        ("library.changed", shared, None),
        ("bulk.changed", own, act.pk),
    ]


def test_an_act_can_be_undone_once_and_for_a_day(cast: Cast, recordings: list[Recording]) -> None:
    act = begin(cast.erin, recordings, "delete")
    with pytest.raises(Refused) as refused:
        acts.undo(act)
    assert refused.value.code == "undo_not_now"
    run(act)
    acts.undo(act)
    for _ in range(2):
        with pytest.raises(Refused):
            acts.undo(act)
        run(act)
    late = do(cast.erin, recordings, "delete")
    BulkAct.objects.filter(pk=late.pk).update(undo_until=clock.now() - timedelta(seconds=1))
    late.refresh_from_db()
    with pytest.raises(Refused) as refused:
        acts.undo(late)
    assert refused.value.code == "undo_too_late"
    assert not selector.shown(late).can_undo


def test_nothing_too_much_and_too_many_at_the_same_time_are_refused(
    cast: Cast, recordings: list[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused):
        begin(cast.erin, [], "delete")
    with monkeypatch.context() as patched:
        patched.setattr(acts, "MOST_RECORDINGS", 2)
        with pytest.raises(Refused) as refused:
            begin(cast.erin, recordings, "delete")
    assert refused.value.code == "bulk_recordings"
    for _ in range(acts.MOST_WAITING):
        begin(cast.erin, recordings, "delete")
    with pytest.raises(Refused) as refused:
        begin(cast.erin, recordings, "delete")
    assert refused.value.code == "bulk_waiting"


def test_housekeeping_forgets_acts_after_a_week(cast: Cast, recordings: list[Recording]) -> None:
    done, waiting = do(cast.erin, recordings, "tag", name="dam"), begin(cast.erin, recordings, "delete")
    BulkAct.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    housekeeping.run()
    assert [act.pk for act in BulkAct.objects.all()] == [waiting.pk]
    assert not BulkItem.objects.filter(act=done.pk).exists()


def test_a_thousand_recordings_are_changed_and_undone_as_a_whole(cast: Cast) -> None:
    made = [Recording(team=cast.team, title=f"Tape {number}", filename="tape.wav") for number in range(1_000)]
    recordings = Recording.objects.bulk_create(made)
    act = begin(cast.erin, recordings, "delete")
    percents: list[int] = []
    real = worker._left

    def watched(mine: BulkAct) -> Any:
        percents.append(selector.shown(mine).percent)
        return real(mine)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(worker, "_left", watched)
        run(act)
    assert percents == sorted(percents)
    assert len(set(percents)) > 10
    assert (act.status, present()) == ("done", 0)
    assert (undo(act).status, present()) == ("undone", 1_000)


def test_the_sentences_say_what_was_done_and_what_was_not(cast: Cast, recordings: list[Recording]) -> None:
    own = factories.make_recording(cast.vera.personal_team, "Diary")
    act = begin(cast.vera, [*recordings, own], "delete")
    assert selector.shown(act).sentence == "Moving 4 recordings to the trash"
    shown = selector.shown(run(act))
    assert (shown.sentence, shown.refused, shown.percent) == ("Moved 1 recording to the trash", 3, 100)
    [reason] = selector.reasons(act)
    assert (reason.count, reason.titles) == (3, ["Tape 0", "Tape 1", "Tape 2"])
    assert selector.shown(undo(act)).sentence == "Undone for 1 recording: moved 1 recording to the trash"
    due = do(cast.vera, [own], "assign", assignee=cast.vera.pk, due_on="2026-12-24")
    assert selector.shown(due).sentence == "Assigned 0 recordings to Vera Vale, due 24 Dec"
