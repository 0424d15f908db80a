"""The log of a team: what is in it, in which words, for whom, and for how long."""

from __future__ import annotations

import csv
import io
import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests import factories
from tests.environment import ROOT
from tests.support import edits
from tests.transcript.pages import say
from tests.views.conftest import client_of
from transcripts import clock
from transcripts.models import Activity
from transcripts.models.choices import TranscriptStatus
from transcripts.selectors.teams import activity
from transcripts.selectors.teams.activity import Filters
from transcripts.services import activities, templates
from transcripts.services.recordings import titles, trash
from transcripts.services.transcript.comments import threads

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db

CALL = re.compile(r'record(?:_once|_for_team)?\(\s*"([a-z]+:[a-z_]+)"|\b_(?:record|end)\([^"]*"([a-z]+:[a-z_]+)"')


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    return factories.make_transcript(factories.make_recording(cast.team, "Council", owner=cast.alice))


def lines(cast: Cast, **filters: Any) -> list[tuple[str, str, str]]:
    """Return who did what to what, the newest first."""
    page = activity.page_of(cast.alice, cast.team.slug, Filters(**filters))
    return [(one.who, one.what, one.activity.subject) for one in page.entries]


def test_it_says_who_opened_edited_exported_and_deleted_what(cast: Cast, transcript: Transcript) -> None:
    vera = client_of(cast.vera)
    vera.get(transcript.get_absolute_url())
    edits.apply(transcript, say("s0", "Good morning.", "Good evening."), actor=cast.erin)
    vera.get(reverse("transcript_export", args=[transcript.pk, "txt"]))
    titles.rename(transcript.recording, actor=cast.alice, title="=Council()")
    trash.delete(transcript.recording, actor=cast.alice)
    assert lines(cast) == [
        ("Alice Adams", "moved to the trash", "=Council()"),
        ("Alice Adams", "renamed", "=Council()"),
        ("Vera Vale", "exported", "Council"),
        ("Erin East", "edited", "Council"),
        ("Vera Vale", "opened", "Council"),
    ]
    assert lines(cast, kind="opened") == [("Vera Vale", "opened", "Council")]
    assert [who for who, *_ in lines(cast, person=cast.vera.pk)] == ["Vera Vale", "Vera Vale"]


def test_what_the_machine_did_is_shown_if_it_is_asked_for(cast: Cast, transcript: Transcript) -> None:
    activities.record("recording:prepared", transcript.recording)
    assert lines(cast) == []
    assert lines(cast, kind="processing") == lines(cast, kind="all") == [("Verbatim", "prepared", "Council")]


def test_comments_and_templates_are_in_it(cast: Cast, transcript: Transcript) -> None:
    comment = threads.add(transcript, uuid.uuid4(), threads.Draft("Is it?", at_ms=0), actor=cast.erin)
    threads.settle(comment, is_resolved=True, actor=cast.alice)
    threads.remove(comment, actor=cast.erin)
    templates.remove(cast.team, actor=cast.alice)
    assert [line[:2] for line in lines(cast)] == [
        ("Alice Adams", "removed the document template of"),
        ("Erin East", "deleted a comment on"),
        ("Alice Adams", "resolved a comment on"),
        ("Erin East", "commented on"),
    ]


def test_reading_and_editing_for_an_hour_are_one_line_each(cast: Cast, transcript: Transcript) -> None:
    for _ in range(3):
        client_of(cast.vera).get(transcript.get_absolute_url())
    edits.apply(transcript, say("s0", "Good morning.", "Good evening."), actor=cast.erin)
    edits.apply(transcript, say("s0", "Good evening.", "Good night."), actor=cast.erin)
    assert Activity.objects.filter(verb="recording:opened").count() == 1
    assert Activity.objects.filter(verb="transcript:edited").count() == 1
    Activity.objects.update(created_at=clock.now() - timedelta(hours=2))
    client_of(cast.vera).get(transcript.get_absolute_url())
    assert Activity.objects.filter(verb="recording:opened").count() == 2


def test_it_outlives_the_recording_the_person_and_the_team(cast: Cast, transcript: Transcript) -> None:
    client_of(cast.erin).get(transcript.get_absolute_url())
    trash.delete(transcript.recording, actor=cast.alice)
    trash.purge(transcript.recording)
    cast.erin.delete()
    assert lines(cast, kind="all") == [
        ("Verbatim", "deleted permanently", "Council"),
        ("Alice Adams", "moved to the trash", "Council"),
        ("Former member", "opened", "Council"),
    ]
    cast.team.delete()
    assert Activity.objects.filter(team=None, subject="Council").count() == 3


def test_the_table_has_the_same_lines_and_no_formula(cast: Cast, transcript: Transcript) -> None:
    titles.rename(transcript.recording, actor=cast.alice, title="=Council()")
    answer = client_of(cast.alice).get(reverse("team_activity_csv", args=[cast.team.slug]))
    header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert header == ["When (UTC)", "Who", "What", "Recording or team"]
    assert [row[1:] for row in rows] == [["Alice Adams", "renamed", "'=Council()"]]


def test_old_lines_are_removed_only_if_the_setting_says_so(
    cast: Cast, transcript: Transcript, settings: Settings
) -> None:
    activities.record("recording:renamed", transcript.recording, actor=cast.alice)
    Activity.objects.update(created_at=clock.now() - timedelta(days=400))
    activities.remove_old()
    assert Activity.objects.count() == 1
    settings.ACTIVITY_DAYS = 365
    activities.record("recording:renamed", transcript.recording, actor=cast.alice)
    activities.remove_old()
    assert Activity.objects.count() == 1


def test_pages_follow_each_other_without_a_gap(cast: Cast, transcript: Transcript) -> None:
    for _ in range(activity.PAGE_SIZE + 3):
        activities.record("recording:renamed", transcript.recording, actor=cast.alice)
    first = activity.page_of(cast.alice, cast.team.slug, Filters())
    second = activity.page_of(cast.alice, cast.team.slug, Filters(before=first.older))
    shown = [one.activity.pk for one in (*first.entries, *second.entries)]
    assert shown == list(Activity.objects.order_by("-pk").values_list("pk", flat=True))
    assert second.older is None


def test_every_verb_has_words() -> None:
    sources = (path.read_text() for path in (ROOT / "transcripts").rglob("*.py"))
    written = {verb for source in sources for found in CALL.findall(source) for verb in found if verb}
    assert len(written) > 30
    assert written | {f"transcript:{status}" for status in TranscriptStatus.values} <= activity.WORDS.keys()
