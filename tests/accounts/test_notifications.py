"""What people are told of, how, and when."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts import preferences
from accounts.models import Mail
from tests import factories
from tests.support import edits
from tests.transcript.pages import say
from tests.views.conftest import client_of
from transcripts import clock
from transcripts.models import Notification
from transcripts.models.choices import JobStatus, NotificationKind, TranscriptStatus
from transcripts.services import notifications
from transcripts.services.pipeline import jobs
from transcripts.services.recordings import trash
from transcripts.services.transcript.comments import threads
from transcripts.services.transcript.review import approval, assignments, status

if TYPE_CHECKING:
    from pytest_django import Settings

    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    return factories.make_transcript(factories.make_recording(cast.team, "Council", owner=cast.alice))


@pytest.fixture
def with_mail(settings: Settings) -> None:
    settings.HAS_MAIL, settings.PUBLIC_URL = True, "https://verbatim.example.org"


def told(user: User) -> list[str]:
    return [notifications.sentence_of(one) for one in Notification.objects.filter(user=user).order_by("pk")]


def wish(user: User, kind: str, *, page: bool = True, mail: str = "off") -> None:
    preferences.change(user, {"notify": {kind: {"page": page, "mail": mail}}})


def test_each_is_told_of_what_concerns_them_and_not_of_what_they_did(cast: Cast, transcript: Transcript) -> None:
    draft = threads.Draft("@Alice, and @Vera: is it? @Erin", at_ms=0)
    threads.add(transcript, uuid.uuid4(), draft, actor=cast.erin)
    assignments.assign(transcript, cast.erin.pk, due_on=None, actor=cast.alice)
    edits.apply(transcript, say("s0", transcript.segments.all()[0].text, "Good evening."), actor=cast.erin)
    status.move(transcript, TranscriptStatus.IN_REVIEW, actor=cast.erin)
    approval.approve(transcript, actor=cast.alice, seq=transcript.changes + 9, known_doubts=9)
    assert told(cast.alice) == ["Erin East mentions you in “Council”"]
    assert told(cast.vera) == ["Erin East mentions you in “Council”"]
    assert told(cast.erin) == ["Alice Adams asks you to review “Council”", "Alice Adams approved “Council”"]


@pytest.mark.parametrize(
    ("ended", "sentence"),
    [
        (JobStatus.SUCCEEDED, "The transcript of “Council” is ready"),
        (JobStatus.FAILED, "“Council” could not be transcribed"),
    ],
)
def test_the_owner_and_who_asked_learn_how_a_transcription_ended(cast: Cast, ended: str, sentence: str) -> None:
    recording = factories.make_recording(cast.team, "Council", owner=cast.alice)
    job = factories.make_job(recording, requested_by=cast.erin)
    if ended == JobStatus.SUCCEEDED:
        jobs.succeed(job.pk)
    else:
        jobs.fail(job.pk, code="bad", message="No.")
    assert [told(one) for one in (cast.alice, cast.erin, cast.vera)] == [[sentence], [sentence], []]


def test_each_kind_can_be_turned_off(cast: Cast, transcript: Transcript, with_mail: None) -> None:
    wish(cast.erin, "assigned", page=False, mail="off")
    assignments.assign(transcript, cast.erin.pk, due_on=None, actor=cast.alice)
    assert not Notification.objects.exists()
    assert not Mail.objects.exists()


def test_a_mail_at_once_says_what_happened_and_leads_there(cast: Cast, transcript: Transcript, with_mail: None) -> None:
    wish(cast.erin, "assigned", page=False, mail="now")
    assignments.assign(transcript, cast.erin.pk, due_on=None, actor=cast.alice)
    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == (cast.erin.email, "Alice Adams asks you to review “Council”")
    assert f"https://verbatim.example.org/recordings/{transcript.recording_id}/" in mail.text
    assert not Notification.objects.exists()


def test_without_a_mail_server_nothing_is_mailed(cast: Cast, transcript: Transcript) -> None:
    wish(cast.erin, "assigned", mail="now")
    assignments.assign(transcript, cast.erin.pk, due_on=None, actor=cast.alice)
    assert not Mail.objects.exists()
    assert Notification.objects.count() == 1


def test_a_digest_comes_once_a_day_at_seven_where_the_person_is(
    cast: Cast, transcript: Transcript, with_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.erin.time_zone = "Europe/Kyiv"
    cast.erin.save(update_fields=["time_zone"])
    wish(cast.erin, "assigned", page=False, mail="daily")
    evening = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)

    def at(moment: datetime) -> int:
        """Send what is due, and return how many mails there are then."""
        monkeypatch.setattr(clock, "now", lambda: moment)
        notifications.send_digests()
        return Mail.objects.count()

    monkeypatch.setattr(clock, "now", lambda: evening)
    assignments.assign(transcript, cast.erin.pk, due_on=None, actor=cast.alice)
    assignments.assign(transcript, cast.erin.pk, due_on=None, actor=cast.alice)
    in_kyiv_at_seven = datetime(2026, 11, 28, 5, 0, tzinfo=UTC)
    assert at(evening + timedelta(hours=1)) == 0
    assert at(in_kyiv_at_seven - timedelta(minutes=1)) == 0
    assert at(in_kyiv_at_seven) == 1
    assert at(in_kyiv_at_seven + timedelta(hours=1)) == 1
    assert Mail.objects.get().subject == "2 notifications from Verbatim"


def test_the_list_shows_what_can_still_be_seen_and_opening_one_reads_it(cast: Cast, transcript: Transcript) -> None:
    other = factories.make_recording(cast.team, "Budget", owner=cast.alice)
    for recording in (transcript.recording, other):
        notifications.notify(NotificationKind.READY, [cast.alice], recording)
    trash.delete(other, actor=cast.erin)
    client = client_of(cast.alice)
    page = client.get(reverse("notifications")).content.decode()
    assert "Council" in page
    assert "Budget" not in page
    one = Notification.objects.get(recording=transcript.recording)
    answer = client.get(reverse("notification", args=[one.pk]))
    assert answer["Location"] == transcript.get_absolute_url()
    one.refresh_from_db()
    assert one.read_at is not None


def test_the_page_of_the_account_stores_how_one_wants_to_be_told(cast: Cast) -> None:
    fields = {"page-ready": "on", "mail-ready": "daily", "mail-failed": "?"}
    client_of(cast.erin).post(reverse("notification_wishes"), fields)
    wishes = notifications.wishes_of(cast.erin)
    assert wishes[NotificationKind.READY] == notifications.Wish(page=True, mail="daily")
    assert wishes[NotificationKind.FAILED] == notifications.Wish(page=False, mail="off")


def test_the_newest_of_a_list_are_kept(cast: Cast, transcript: Transcript, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "MOST_KEPT", 3)
    for _ in range(5):
        notifications.notify(NotificationKind.READY, [cast.alice], transcript.recording)
    newest = list(Notification.objects.order_by("-pk").values_list("pk", flat=True)[:3])
    notifications.remove_old()
    assert list(Notification.objects.order_by("-pk").values_list("pk", flat=True)) == newest
