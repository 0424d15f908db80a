"""Instances from before: sessions' numbers continue in their transcripts, and reasons and purges have columns."""

from __future__ import annotations

import uuid
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps

from tests import factories
from transcripts import clock
from transcripts.models import Activity, LiveSession, PurgedRecording, Transcript

if TYPE_CHECKING:
    from accounts.models import Team

pytestmark = pytest.mark.django_db
migration = import_module("transcripts.migrations.0015_fill_feeds_and_reasons")


@pytest.fixture
def team() -> Team:
    return factories.make_team()


def make_session(team: Team) -> LiveSession:
    recording = factories.make_recording(team)
    transcript = Transcript.objects.create(recording=recording, provider="SpeechStream")
    account = factories.make_account()
    return LiveSession.objects.create(recording=recording, transcript=transcript, account=account, seen_at=clock.now())


def test_reasons_are_read_out_of_the_activities(team: Team) -> None:
    silent, by_a_person = make_session(team), make_session(team)
    for session, data in ((silent, {"because": "silence", "minutes": 30}), (by_a_person, {})):
        Activity.objects.create(team=team, recording=session.recording, verb="live:stopped", data=data)
    migration.copy_reasons(apps, None)
    silent.refresh_from_db()
    by_a_person.refresh_from_db()
    assert (silent.ended_because, silent.ended_after_minutes) == ("silence", 30)
    assert (by_a_person.ended_because, by_a_person.ended_after_minutes) == ("", None)


def test_purges_are_read_out_of_the_activities_once(team: Team) -> None:
    purged = uuid.uuid4()
    Activity.objects.create(team=team, verb="recording:purged", data={"recording": str(purged)})
    for _ in range(2):
        migration.copy_purges(apps, None)
    assert [row.recording_id for row in PurgedRecording.objects.all()] == [purged]


def test_the_numbers_of_a_session_continue_in_its_transcript(team: Team) -> None:
    transcript = make_session(team).transcript
    rows = SimpleNamespace(values_list=lambda *_: SimpleNamespace(iterator=lambda _: [(transcript.pk, 7)]))
    before = SimpleNamespace(objects=SimpleNamespace(exclude=lambda **_: rows))

    def get_model(app: str, name: str) -> Any:
        return before if name == "LiveSession" else apps.get_model(app, name)

    migration.copy_feeds(SimpleNamespace(get_model=get_model), None)
    assert Transcript.objects.get(pk=transcript.pk).changes == 7
