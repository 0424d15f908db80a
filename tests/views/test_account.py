"""A person's own account: profile, address, sessions, data and deletion."""

from __future__ import annotations

import io
import json
import zipfile
import zoneinfo
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, Membership, Role, Team, User
from accounts.self_service import deletion
from accounts.self_service.sessions import device_of
from tests import factories
from tests.factories import PASSWORD
from tests.views.conftest import client_of
from transcripts import queue
from transcripts.models import AccountExport, Comment, Grant, Notification, Recording
from transcripts.models.choices import NotificationKind
from transcripts.services import storage
from transcripts.services.exports import account_data
from transcripts.services.operations import conductor, housekeeping

if TYPE_CHECKING:
    import redis
    from pytest_django import Settings

    from tests.factories import Cast

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604"


def confirmed(user: User) -> Client:
    client = client_of(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def signs_in(email: str) -> bool:
    client = Client()
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    return client.get(reverse("library")).status_code == 200


def link_in(mail: Mail) -> str:
    return next(word for word in mail.text.split() if "/account/address/" in word).removeprefix(
        "http://testserver:8000"
    )


def test_name_and_time_zone_are_changed_and_times_are_written_in_it(cast: Cast) -> None:
    client = client_of(cast.vera)
    answer = client.post(reverse("account"), {"name": "Vera V.", "time_zone": "Asia/Tokyo"})
    assert answer.status_code == 302
    cast.vera.refresh_from_db()
    assert (cast.vera.name, cast.vera.time_zone) == ("Vera V.", "Asia/Tokyo")
    at = timezone.now() + timedelta(days=1)
    AccountExport.objects.create(user=cast.vera, status="ready", expires_at=at)
    there = at.astimezone(zoneinfo.ZoneInfo("Asia/Tokyo"))
    assert f"Until {there:%-d %b %Y, %H:%M}" in client.get(reverse("account")).content.decode()
    assert client.post(reverse("account"), {"name": "", "time_zone": "Mars/Olympus"}).status_code == 422


def test_with_mail_the_new_address_is_verified_before_it_counts(cast: Cast, settings: Settings) -> None:
    settings.HAS_MAIL = True
    client = confirmed(cast.vera)
    client.post(reverse("account_address"), {"email": "Vera@Example.com"})
    mail = Mail.objects.get()
    assert mail.to == "vera@example.com"
    assert "Waiting for" in client.get(reverse("account")).content.decode()
    assert signs_in("vera@example.org")
    assert not signs_in("vera@example.com")
    stranger = Client()
    assert stranger.get(link_in(mail)).status_code == 200
    assert signs_in("vera@example.org"), "opening a link, as scanners of mail do, changes nothing"
    assert stranger.post(link_in(mail)).status_code == 200
    assert signs_in("vera@example.com")
    assert not signs_in("vera@example.org")
    told = Mail.objects.latest("pk")
    assert (told.to, "vera@example.com" in told.text) == ("vera@example.org", True)
    assert stranger.post(link_in(mail)).status_code == 404, "a link works once"


def test_a_cancelled_or_replaced_link_no_longer_works(cast: Cast, settings: Settings) -> None:
    settings.HAS_MAIL = True
    client = confirmed(cast.vera)
    client.post(reverse("account_address"), {"email": "first@example.com"})
    first = Mail.objects.latest("pk")
    client.post(reverse("account_address"), {"email": "second@example.com"})
    second = Mail.objects.latest("pk")
    assert Client().get(link_in(first)).status_code == 404
    client.post(reverse("account_address_cancel"))
    assert Client().post(link_in(second)).status_code == 404
    assert signs_in("vera@example.org")


def test_an_address_of_someone_else_is_never_taken_and_not_given_away(cast: Cast, settings: Settings) -> None:
    settings.HAS_MAIL = True
    client = confirmed(cast.vera)
    assert client.post(reverse("account_address"), {"email": "alice@example.org"}).status_code == 302
    mail = Mail.objects.get()
    assert mail.to == "alice@example.org"
    assert "/account/address/" not in mail.text
    client.post(reverse("account_address"), {"email": "new@example.com"})
    link = link_in(Mail.objects.latest("pk"))
    factories.make_user("Someone Else", email="new@example.com")
    assert Client().post(link).status_code == 404
    assert signs_in("vera@example.org")


def test_without_mail_a_change_needs_the_password_and_is_immediate(cast: Cast) -> None:
    client = client_of(cast.vera)
    answer = client.post(reverse("account_address"), {"email": "vera@example.com"})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert signs_in("vera@example.org")
    assert confirmed(cast.vera).post(reverse("account_address"), {"email": "alice@example.org"}).status_code == 422
    confirmed(cast.vera).post(reverse("account_address"), {"email": "vera@example.com"})
    assert signs_in("vera@example.com")
    assert Mail.objects.get().to == "vera@example.org"


@pytest.mark.usefixtures("redis_client")
def test_links_can_not_fill_a_mailbox(cast: Cast, settings: Settings) -> None:
    settings.HAS_MAIL = True
    client = confirmed(cast.vera)
    answers = [client.post(reverse("account_address"), {"email": f"v{n}@example.com"}).status_code for n in range(7)]
    assert answers[0] == 302
    assert answers[-1] == 422
    assert Mail.objects.count() <= 5


def test_sessions_are_listed_and_ended_one_by_one_and_together(cast: Cast) -> None:
    here, phone, office = (Client(headers={"User-Agent": agent}) for agent in (FIREFOX, SAFARI, FIREFOX))
    for client in (here, phone, office):
        client.post(reverse("account_login"), {"login": "vera@example.org", "password": PASSWORD})
    page = here.get(reverse("account"))
    devices = [(one.device, one.is_current, one.is_phone) for one in page.context["sessions"]]
    assert devices[0] == ("Firefox on Linux", True, False)
    assert ("Safari on iPhone", False, True) in devices
    of_phone = next(one for one in page.context["sessions"] if one.is_phone)
    here.post(reverse("account_session_end", args=[of_phone.id]))
    assert phone.get(reverse("library")).status_code == 302
    assert office.get(reverse("library")).status_code == 200
    here.post(reverse("account_sessions_end"))
    assert office.get(reverse("library")).status_code == 302
    assert here.get(reverse("library")).status_code == 200


def test_no_one_ends_the_session_of_another(cast: Cast) -> None:
    alice = client_of(cast.alice)
    alice.get(reverse("account"))
    hers = alice.get(reverse("account")).context["sessions"][0].id
    assert client_of(cast.vera).post(reverse("account_session_end", args=[hers])).status_code == 404
    assert alice.get(reverse("library")).status_code == 200


@pytest.mark.parametrize(
    ("agent", "name"),
    [(FIREFOX, "Firefox on Linux"), (SAFARI, "Safari on iPhone"), ("curl/8", "Unknown device"), ("", "Unknown device")],
)
def test_devices_are_named(agent: str, name: str) -> None:
    assert device_of(agent) == name


@pytest.mark.usefixtures("redis_client")
def test_a_person_gets_their_own_data_and_no_one_elses(cast: Cast) -> None:
    recording = factories.make_recording(cast.team, "Vera’s meeting", owner=cast.vera)
    transcript = factories.make_transcript(recording)
    Comment.objects.create(transcript=transcript, author=cast.vera, body="Is it?", at_ms=0)
    Comment.objects.create(transcript=transcript, author=cast.alice, body="It is.", at_ms=0)
    client = confirmed(cast.vera)
    client.post(reverse("account_data"))
    export = AccountExport.objects.get()
    client.post(reverse("account_data"))
    assert AccountExport.objects.count() == 1, "one at a time"
    assert client.get(reverse("account_data_file", args=[export.pk])).status_code == 404
    account_data.run(export.pk)
    file = client.get(reverse("account_data_file", args=[export.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(file.streaming_content))) as archive:  # type: ignore[attr-defined]
        content = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    assert content["profile.json"]["email"] == "vera@example.org"
    assert [one["title"] for one in content["recordings.json"]] == ["Vera’s meeting"]
    assert [one["body"] for one in content["comments.json"]] == ["Is it?"]
    assert "password" not in json.dumps(content)
    assert Mail.objects.get().to == "vera@example.org"
    assert confirmed(cast.alice).get(reverse("account_data_file", args=[export.pk])).status_code == 404


def test_data_is_exported_three_times_a_day(cast: Cast) -> None:
    for _ in range(account_data.MOST_A_DAY):
        AccountExport.objects.create(user=cast.vera, status="ready", expires_at=timezone.now())
    page = client_of(cast.vera).post(reverse("account_data"), follow=True).content.decode()
    assert "exported three times today" in page
    assert AccountExport.objects.count() == account_data.MOST_A_DAY


def test_data_is_written_again_after_a_death_and_removed_when_it_expires(
    cast: Cast, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    export = account_data.request(cast.vera)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(storage, "store", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        account_data.run(export.pk)
    AccountExport.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        conductor.wake_account_exports()
    [job] = queue.waiting("default")
    assert job.startswith(f"account-export-{export.pk}-")
    account_data.run(export.pk)
    export.refresh_from_db()
    assert export.status == "ready"
    assert storage.path_of(export.storage_name).exists()
    AccountExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    housekeeping.run()
    assert not storage.path_of(export.storage_name).exists()
    assert not AccountExport.objects.exists()


def test_a_deleted_account_is_closed_immediately_and_erased_after_thirty_days(cast: Cast) -> None:
    own = factories.make_recording(cast.erin.personal_team, "Diary", owner=cast.erin)
    shared = factories.make_recording(cast.team, "Council", owner=cast.erin)
    transcript = factories.make_transcript(shared)
    comment = Comment.objects.create(transcript=transcript, author=cast.erin, body="Is it?", at_ms=0)
    Grant.objects.create(recording=shared, user=cast.erin)
    Notification.objects.create(user=cast.erin, recording=shared, kind=NotificationKind.READY)
    other = client_of(cast.erin)
    client = confirmed(cast.erin)
    page = client.get(reverse("account_delete")).content.decode()
    assert str(cast.erin.personal_team) in page
    assert client.post(reverse("account_delete")).status_code == 200
    assert other.get(reverse("library")).status_code == 302
    assert not signs_in("erin@example.org")
    assert not Membership.objects.filter(team=cast.team, user=cast.erin).exists()
    housekeeping.run()
    assert Recording.objects.filter(pk=own.pk).exists(), "it can still be restored"
    User.objects.filter(pk=cast.erin.pk).update(erase_at=timezone.now() - timedelta(seconds=1))
    housekeeping.run()
    assert not Recording.objects.filter(pk=own.pk).exists()
    assert not Team.objects.filter(personal_owner=cast.erin).exists()
    assert Recording.objects.filter(pk=shared.pk).exists()
    assert not Grant.objects.exists()
    assert not Notification.objects.exists()
    comment.refresh_from_db()
    assert str(comment.author) == deletion.FORMER
    erased = User.objects.get(pk=cast.erin.pk)
    assert (erased.email, erased.name) == (f"erased-{erased.pk}@invalid", deletion.FORMER)
    assert factories.make_user("Erin East").email == "erin@example.org", "the address is free again"


def test_an_administrator_restores_a_deleted_account(cast: Cast, admin_client: Client) -> None:
    deletion.close(cast.erin)
    form = {"email": "erin@example.org", "name": "Erin East", "is_active": "on"}
    admin_client.post(reverse("admin:accounts_user_change", args=[cast.erin.pk]), form)
    assert User.objects.get(pk=cast.erin.pk).erase_at is None
    assert signs_in("erin@example.org")


def test_the_only_owner_hands_a_team_over_first(cast: Cast) -> None:
    client = confirmed(cast.alice)
    assert "only owner of Newsroom" in client.get(reverse("account_delete")).content.decode()
    assert client.post(reverse("account_delete")).status_code == 302
    assert User.objects.get(pk=cast.alice.pk).is_active
    Membership.objects.filter(team=cast.team, user=cast.erin).update(role=Role.OWNER)
    assert client.post(reverse("account_delete")).status_code == 200
    assert not User.objects.get(pk=cast.alice.pk).is_active


def test_the_only_administrator_stays(admin_user: User) -> None:
    with pytest.raises(deletion.LastAdministrator):
        deletion.close(admin_user)
    assert User.objects.get(pk=admin_user.pk).is_active
