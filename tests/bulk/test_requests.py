"""What a page sends: the selected recordings or a filter, and what it gets."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests import factories
from tests.bulk.conftest import begin, do, run
from tests.views.conftest import client_of
from transcripts.models import BulkAct, Export, Folder, Recording, Tag

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast


def post(user: User, query: str = "", **asked: Any) -> Any:
    body = {"client_id": str(uuid.uuid4()), "verb": "delete", "parameters": {}, **asked}
    return client_of(user).post(f"{reverse('bulk_acts')}{query}", json.dumps(body), content_type="application/json")


def test_one_request_begins_an_act_on_what_is_selected(cast: Cast, recordings: list[Recording]) -> None:
    answer = post(cast.erin, recordings=[str(one.pk) for one in recordings[:2]]).json()
    act = BulkAct.objects.get(pk=answer["id"])
    assert (act.actor, act.total, act.team, answer["href"]) == (
        cast.erin,
        2,
        cast.team,
        reverse("bulk_act", args=[act.pk]),
    )


def test_what_one_cannot_see_is_not_in_the_act(cast: Cast, recordings: list[Recording]) -> None:
    own = factories.make_recording(cast.charlie.personal_team, "Diary")
    answer = post(cast.charlie, recordings=[str(one.pk) for one in [*recordings, own]]).json()
    assert list(BulkAct.objects.get(pk=answer["id"]).items.values_list("title", flat=True)) == ["Diary"]
    refused = post(cast.charlie, recordings=[str(one.pk) for one in recordings])
    assert (refused.status_code, refused.json()["code"]) == (422, "bulk_recordings")


def test_all_are_those_that_the_filter_has_beyond_the_page(cast: Cast, recordings: list[Recording]) -> None:
    factories.make_recording(cast.erin.personal_team, "Tape of mine")
    act = BulkAct.objects.get(pk=post(cast.erin, f"?team={cast.team.slug}&q=tape", all=True).json()["id"])
    assert act.total == 3
    totals = client_of(cast.erin).get(reverse("bulk_totals"), {"q": "tape", "team": ""}).json()
    assert totals == {"count": 4, "duration_ms": 4 * 41_000}


@pytest.mark.parametrize(
    "asked",
    [
        {"verb": "burn"},
        {"client_id": "x"},
        {"parameters": []},
        {"recordings": ["x"]},
        {"recordings": 5},
        {"recordings": [1]},
    ],
)
def test_what_cannot_be_read_is_refused(cast: Cast, asked: dict[str, Any]) -> None:
    response = post(cast.erin, **asked)
    assert (response.status_code, response.json()["code"]) == (422, "malformed")
    assert client_of(cast.erin).post(reverse("bulk_acts"), "[", content_type="application/json").status_code == 422


def test_only_the_person_who_did_it_sees_and_undoes_it(cast: Cast, recordings: list[Recording]) -> None:
    act = do(cast.erin, recordings, "delete")
    for user in (cast.alice, cast.charlie):
        assert client_of(user).get(reverse("bulk_act", args=[act.pk])).status_code == 404
        assert client_of(user).post(reverse("bulk_undo", args=[act.pk])).status_code == 404
    assert b"Moved 3 recordings to the trash" in client_of(cast.erin).get(reverse("bulk_acts")).content
    assert b"Moved 3" not in client_of(cast.alice).get(reverse("bulk_acts")).content
    client_of(cast.erin).post(reverse("bulk_undo", args=[act.pk]))
    assert run(act).status == "undone"


def test_a_part_of_a_page_gets_the_act_alone(cast: Cast, recordings: list[Recording]) -> None:
    act = begin(cast.erin, recordings, "delete")
    headers = {"HX-Request": "true", "HX-Target": f"bulk-{act.pk}"}
    part = client_of(cast.erin).get(reverse("bulk_act", args=[act.pk]), headers=headers).content.decode()
    assert part.strip().startswith(f'<div id="bulk-{act.pk}"')
    assert "data-waiting" in part
    assert "Undo" not in part


def test_transcripts_are_exported_as_a_zip_and_what_has_none_is_said(cast: Cast, recordings: list[Recording]) -> None:
    older, _ = factories.make_transcript(recordings[0]), factories.make_transcript(recordings[1])
    newest = factories.make_transcript(recordings[0])
    client = client_of(cast.vera)
    body = {"client_id": str(uuid.uuid4()), "verb": "export", "parameters": {"format": "srt"}, "all": True}
    answer = client.post(reverse("bulk_acts"), json.dumps(body), content_type="application/json").json()
    export = Export.objects.get()
    assert answer == {"href": reverse("export", args=[export.pk])}
    assert (export.format, len(export.transcript_ids)) == ("srt", 2)
    assert str(newest.pk) in export.transcript_ids
    assert str(older.pk) not in export.transcript_ids
    assert b"1 of the selected recordings have no transcript yet" in client.get(answer["href"]).content
    assert post(cast.vera, verb="export", parameters={"format": "wav"}, all=True).json()["code"] == "no_format"


def test_forms_show_what_the_persons_teams_have(cast: Cast) -> None:
    Folder.objects.create(team=cast.team, name="Court")
    Tag.objects.create(team=cast.team, name="dam")

    def form(user: User, verb: str) -> str:
        return client_of(user).get(reverse("bulk_form", args=[verb])).content.decode()

    assert "Court" in form(cast.erin, "move")
    assert "dam" in form(cast.erin, "tag")
    assert "dam" in form(cast.erin, "untag")
    assert "Alice Adams" in form(cast.erin, "assign")
    assert "Vera Vale" not in form(cast.erin, "assign")
    for outsider in (cast.charlie, cast.vera):
        assert "Court" not in form(outsider, "move")
        assert "dam" not in form(outsider, "tag")
        assert "Alice Adams" not in form(outsider, "assign")
    assert client_of(cast.erin).get(reverse("bulk_form", args=["delete"])).status_code == 404
