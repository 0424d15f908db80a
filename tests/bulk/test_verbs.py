"""What each verb does to many recordings, what it leaves, and that it is undone as a whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from accounts.models import Membership, Role
from tests import factories
from tests.bulk.conftest import do, outcomes, undo
from transcripts.models import Activity, Assignment, Folder, Grant, ProcessingJob, Recording, Tag
from transcripts.services.bulk import worker
from transcripts.services.bulk.verbs import assign, base, move, retranscribe
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs
from transcripts.services.recordings import trash
from transcripts.services.transcript.review import assignments

if TYPE_CHECKING:
    from tests.factories import Cast

DONE, UNDONE = ("done", "", ""), ("done", "undone", "")


def folders_of(recordings: list[Recording]) -> list[int | None]:
    return [Recording.objects.get(pk=one.pk).folder_id for one in recordings]


def tags_of(recording: Recording) -> list[str]:
    return sorted(recording.tags.values_list("name", flat=True))


def test_recordings_are_moved_and_back_to_where_each_was(cast: Cast, recordings: list[Recording]) -> None:
    court, desk = (Folder.objects.create(team=cast.team, name=name) for name in ("Court", "Desk"))
    Recording.objects.filter(pk=recordings[0].pk).update(folder=desk)
    Recording.objects.filter(pk=recordings[1].pk).update(folder=court)
    act = do(cast.erin, recordings, "move", folder=court.pk)
    assert folders_of(recordings) == [court.pk] * 3
    assert outcomes(act) == {"Tape 0": DONE, "Tape 1": ("unchanged", "", ""), "Tape 2": DONE}
    undo(act)
    assert folders_of(recordings) == [desk.pk, court.pk, None]
    assert (act.status, outcomes(act)["Tape 0"]) == ("undone", UNDONE)
    assert Activity.objects.filter(verb="recording:moved", actor=cast.erin).count() == 4


def test_what_someone_moved_since_stays_and_is_said(cast: Cast, recordings: list[Recording]) -> None:
    court, desk = (Folder.objects.create(team=cast.team, name=name) for name in ("Court", "Desk"))
    Recording.objects.filter(pk=recordings[1].pk).update(folder=desk)
    act = do(cast.erin, recordings, "move", folder=court.pk)
    do(cast.alice, recordings[:1], "move", folder=desk.pk)
    desk_gone = Folder.objects.create(team=cast.team, name="Later")
    Recording.objects.filter(pk=recordings[0].pk).update(folder=desk_gone)
    desk.delete()
    undo(act)
    assert folders_of(recordings) == [desk_gone.pk, court.pk, None]
    assert outcomes(act)["Tape 0"] == ("done", "kept", base.CHANGED)
    assert outcomes(act)["Tape 1"] == ("done", "kept", move.NO_EARLIER)


def test_a_folder_takes_recordings_of_its_own_team_alone(cast: Cast, recordings: list[Recording]) -> None:
    own = factories.make_recording(cast.erin.personal_team, "Diary")
    court = Folder.objects.create(team=cast.team, name="Court")
    act = do(cast.erin, [*recordings, own], "move", folder=court.pk)
    assert act.team is None
    assert outcomes(act)["Diary"] == ("refused", "", move.OTHER_TEAM)
    assert folders_of([*recordings, own]) == [court.pk] * 3 + [None]


def test_folders_that_one_cannot_see_are_like_none(cast: Cast, recordings: list[Recording]) -> None:
    private = Folder.objects.create(team=cast.charlie.personal_team, name="Private")
    for folder in (private.pk, private.pk + 1, "x"):
        with pytest.raises(Refused) as refused:
            do(cast.erin, recordings, "move", folder=folder)
        assert refused.value.code == "no_folder"


def test_recordings_leave_their_folders(cast: Cast, recordings: list[Recording]) -> None:
    court = Folder.objects.create(team=cast.team, name="Court")
    Recording.objects.filter(pk=recordings[0].pk).update(folder=court)
    undo(do(cast.erin, recordings, "move", folder=""))
    assert folders_of(recordings) == [court.pk, None, None]


def test_each_team_gets_the_tag_and_only_what_was_added_is_taken_away(cast: Cast, recordings: list[Recording]) -> None:
    own = factories.make_recording(cast.erin.personal_team, "Diary")
    dam = Tag.objects.create(team=cast.team, name="Dam")
    recordings[0].tags.add(dam)
    act = do(cast.erin, [*recordings, own], "tag", name="  dam ")
    assert [tags_of(one) for one in [*recordings, own]] == [["Dam"], ["Dam"], ["Dam"], ["dam"]]
    assert outcomes(act)["Tape 0"] == ("unchanged", "", "")
    recordings[1].tags.clear()
    undo(act)
    assert [tags_of(one) for one in [*recordings, own]] == [["Dam"], [], [], []]
    assert outcomes(act)["Tape 1"] == ("done", "kept", base.CHANGED)


def test_a_tag_is_removed_and_put_back(cast: Cast, recordings: list[Recording]) -> None:
    dam = Tag.objects.create(team=cast.team, name="dam")
    recordings[0].tags.add(dam)
    act = do(cast.erin, recordings, "untag", name="dam")
    assert [tags_of(one) for one in recordings] == [[], [], []]
    assert [outcomes(act)[f"Tape {number}"][0] for number in range(3)] == ["done", "unchanged", "unchanged"]
    undo(act)
    assert tags_of(recordings[0]) == ["dam"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 41])
def test_a_tag_needs_a_name(cast: Cast, recordings: list[Recording], name: str) -> None:
    with pytest.raises(Refused) as refused:
        do(cast.erin, recordings, "tag", name=name)
    assert refused.value.code == "tag_name"


def test_transcripts_are_assigned_with_a_date_and_back_to_whom_they_were(
    cast: Cast, recordings: list[Recording]
) -> None:
    first, second = (factories.make_transcript(one) for one in recordings[:2])
    assignments.assign(first, cast.alice.pk, due_on=date(2026, 12, 1), actor=cast.alice)
    act = do(cast.erin, recordings, "assign", assignee=cast.erin.pk, due_on="2026-12-24")
    found = Assignment.objects.values_list("transcript", "assignee", "due_on")
    assert set(found) == {(one.pk, cast.erin.pk, date(2026, 12, 24)) for one in (first, second)}
    assert outcomes(act)["Tape 2"] == ("refused", "", assign.NO_TRANSCRIPT)
    undo(act)
    assert list(found.all()) == [(first.pk, cast.alice.pk, date(2026, 12, 1))]


def test_only_those_who_can_edit_are_assigned(cast: Cast, recordings: list[Recording]) -> None:
    factories.make_transcript(recordings[0])
    act = do(cast.erin, recordings[:1], "assign", assignee=cast.vera.pk)
    assert outcomes(act)["Tape 0"] == ("refused", "", assignments.NOT_ASSIGNABLE)
    with pytest.raises(Refused):
        do(cast.erin, recordings, "assign", assignee=cast.charlie.pk)
    with pytest.raises(Refused) as refused:
        do(cast.erin, recordings, "assign", assignee=cast.erin.pk, due_on="soon")
    assert refused.value.code == "bad_date"


def test_recordings_are_deleted_and_restored(cast: Cast, recordings: list[Recording]) -> None:
    factories.make_job(recordings[0])
    act = do(cast.erin, recordings, "delete")
    assert Recording.objects.filter(deleted_at=None).count() == 0
    assert ProcessingJob.objects.get().status == "cancelled"
    trash.restore(Recording.objects.get(pk=recordings[1].pk), actor=cast.alice)
    trash.purge(Recording.objects.get(pk=recordings[2].pk))
    undo(act)
    assert set(Recording.objects.filter(deleted_at=None)) == set(recordings[:2])
    assert outcomes(act) == {
        "Tape 0": UNDONE,
        "Tape 1": ("done", "kept", base.RESTORED),
        "Tape 2": ("done", "kept", worker.GONE),
    }


def test_recordings_are_transcribed_again_and_what_has_not_ended_is_cancelled(
    cast: Cast, recordings: list[Recording]
) -> None:
    transcript = factories.make_transcript(recordings[0])
    factories.make_job(recordings[1], "failed")
    act = do(cast.erin, recordings, "retranscribe")
    assert [outcomes(act)[f"Tape {number}"][0] for number in range(3)] == ["done"] * 3
    again = ProcessingJob.objects.get(base_transcript=transcript)
    jobs.mark_running(again.pk)
    jobs.succeed(again.pk)
    undo(act)
    assert outcomes(act)["Tape 0"] == ("done", "kept", retranscribe.ENDED)
    assert outcomes(act)["Tape 1"] == UNDONE
    assert not ProcessingJob.objects.filter(finished_at=None).exists()


def test_what_runs_already_is_said(cast: Cast, recordings: list[Recording]) -> None:
    factories.make_job(recordings[0])
    act = do(cast.erin, recordings[:1], "retranscribe")
    assert outcomes(act)["Tape 0"] == ("refused", "", jobs.RUNS_ALREADY)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMENTER])
@pytest.mark.parametrize("verb", ["move", "tag", "untag", "retranscribe", "delete", "assign"])
def test_what_one_cannot_decide_is_refused_for_those_recordings_alone(
    cast: Cast, recordings: list[Recording], role: Role, verb: str
) -> None:
    Membership.objects.filter(user=cast.vera, team=cast.team).update(role=role)
    own = factories.make_recording(cast.vera.personal_team, "Diary")
    factories.make_transcript(own)
    own.tags.add(Tag.objects.create(team=own.team, name="dam"))
    folder = Folder.objects.create(team=own.team, name="Court")
    parameters = {"folder": folder.pk, "name": "dam" if verb == "untag" else "new", "assignee": cast.vera.pk}
    act = do(cast.vera, [*recordings, own], verb, **parameters)
    found = outcomes(act)
    assert found.pop("Diary")[0] == "done"
    assert {outcome for outcome, _, _ in found.values()} == {"refused"}
    assert all(message.startswith("You have view-only access") for _, _, message in found.values())
    assert not Recording.objects.filter(team=cast.team).exclude(deleted_at=None, folder=None, tags=None).exists()


def test_a_recording_that_is_shared_to_be_edited_is_its_teams_to_decide_about(
    cast: Cast, recordings: list[Recording]
) -> None:
    Grant.objects.create(recording=recordings[0], user=cast.charlie, level="edit")
    act = do(cast.charlie, recordings[:1], "delete")
    assert outcomes(act)["Tape 0"][2].startswith("Only members of its team can do this")
    assert Recording.objects.get(pk=recordings[0].pk).deleted_at is None


def test_rights_are_those_of_the_moment_when_it_is_done_and_undone(cast: Cast, recordings: list[Recording]) -> None:
    act = do(cast.erin, recordings, "delete")
    Membership.objects.filter(user=cast.erin, team=cast.team).update(role=Role.VIEWER)
    undo(act)
    assert {undone for _, undone, _ in outcomes(act).values()} == {"kept"}
    assert Recording.objects.filter(deleted_at=None).count() == 0
