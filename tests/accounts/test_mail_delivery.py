"""Mail is sent by a worker through a real server, again if that fails, and never lost."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.mail import delivery
from accounts.models import Mail, MailStatus, User
from accounts.outbox import post
from tests.pipeline.crashes import Killed, die
from tests.support.smtp import MailServer
from transcripts import queue
from transcripts.services.operations import conductor, housekeeping

if TYPE_CHECKING:
    from collections.abc import Iterator

    import redis
    from django.core.mail import EmailMultiAlternatives
    from django.test import Client
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
SECRET = "https://verbatim.example/reset/secret-link"


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    made = MailServer()
    settings.HAS_MAIL, settings.EMAIL_BACKEND = True, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", made.port, 5
    made.start()
    yield made
    made.stop()


def sent(mail: Mail) -> Mail:
    delivery.send(mail.pk)
    mail.refresh_from_db()
    return mail


def fall_due(mail: Mail) -> Mail:
    Mail.objects.filter(pk=mail.pk).update(next_attempt_at=timezone.now())
    return mail


def letter() -> Mail:
    return post("ana@example.org", "Reset your\npassword", f"Open {SECRET}", html=f"<a href='{SECRET}'>Reset</a>")


def test_a_mail_is_sent_and_its_text_emptied(server: MailServer) -> None:
    mail = sent(letter())
    [content] = server.mailbox.taken
    assert "Subject: Reset your password" in content
    assert "To: ana@example.org" in content
    assert "secret-link" in content
    assert (mail.status, mail.text, mail.html, mail.attempts) == ("sent", "", "", 1)
    assert mail.sent_at is not None


def test_a_server_that_is_away_gets_the_mail_when_it_is_back(server: MailServer) -> None:
    server.stop()
    mail = sent(letter())
    assert (mail.status, mail.error) == ("waiting", delivery.UNREACHABLE)
    assert timedelta(seconds=50) < mail.next_attempt_at - timezone.now() <= timedelta(minutes=1)
    delivery.send(mail.pk)
    assert Mail.objects.get().attempts == 1, "a mail that is not due is left alone"
    server.start()
    assert sent(fall_due(mail)).status == "sent"


def test_a_server_that_is_away_is_asked_for_one_mail_a_minute(server: MailServer) -> None:
    server.stop()
    first, second = letter(), letter()
    delivery.send(first.pk)
    assert delivery.due() == []
    assert sent(second).attempts == 0
    assert second.next_attempt_at > timezone.now() + timedelta(seconds=50)


def test_a_connection_that_breaks_is_tried_again(server: MailServer) -> None:
    server.mailbox.hangs_up = True
    mail = sent(letter())
    assert (mail.status, mail.error) == ("waiting", delivery.BROKEN)
    server.mailbox.hangs_up = False
    assert sent(fall_due(mail)).status == "sent"
    assert len(server.mailbox.taken) == 1


@pytest.mark.parametrize(("answer", "status"), [("450 Later", "waiting"), ("550 No such mailbox", "failed")])
def test_a_refused_recipient_is_final_only_if_the_server_says_so(
    server: MailServer, answer: str, status: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.mailbox.recipient_answer = answer
    mail = sent(letter())
    assert (mail.status, mail.error) == (status, delivery.REFUSED_BY_SERVER.format(code=answer[:3]))
    assert "secret-link" in mail.text
    assert all("secret-link" not in record.getMessage() for record in caplog.records if record.name != "mail.log")


def test_an_answer_that_quotes_the_text_is_stored_and_logged_nowhere(
    server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.mailbox.data_answer = f"554 {SECRET} looks like spam"
    mail = sent(letter())
    assert mail.status == "failed"
    # The server of the test logs as well, under a name of its own
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("accounts")]
    assert SECRET not in " ".join([mail.error, *ours])
    assert ours


def test_waits_double_from_a_minute_to_six_hours_and_end(server: MailServer) -> None:
    waits = [delivery.wait_after(attempts) for attempts in range(1, delivery.MOST_ATTEMPTS)]
    assert (waits[0], waits[1], waits[-1]) == (timedelta(minutes=1), timedelta(minutes=2), timedelta(hours=6))
    server.stop()
    mail = letter()
    Mail.objects.update(attempts=delivery.MOST_ATTEMPTS - 1)
    assert sent(mail).status == "failed"


@pytest.mark.parametrize("line", ["_message", "_succeed"])
def test_a_worker_killed_at_a_line_sends_at_least_once_and_at_most_twice(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    mail = letter()
    with monkeypatch.context() as patched:
        patched.setattr(delivery, line, die)
        with pytest.raises(Killed):
            delivery.send(mail.pk)
    delivery.send(mail.pk)
    assert Mail.objects.get().status == "waiting", "the lease of the killed worker still runs"
    assert sent(fall_due(mail)).status == "sent"
    assert 1 <= len(server.mailbox.taken) <= 2
    assert len({content.partition("Message-ID:")[2].split()[0] for content in server.mailbox.taken}) == 1


def test_two_workers_with_one_mail_send_it_once(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = letter()
    message_of = delivery._message

    def while_another_works(claimed: Mail) -> EmailMultiAlternatives:
        monkeypatch.setattr(delivery, "_message", message_of)
        delivery.send(mail.pk)
        return message_of(claimed)

    monkeypatch.setattr(delivery, "_message", while_another_works)
    assert sent(mail).status == "sent"
    assert len(server.mailbox.taken) == 1


@pytest.mark.parametrize("slow_one_succeeds", [True, False])
def test_a_worker_slower_than_its_lease_reports_success_and_no_failure(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, slow_one_succeeds: bool
) -> None:
    mail = letter()
    message_of = delivery._message

    def slowly(claimed: Mail) -> EmailMultiAlternatives:
        monkeypatch.setattr(delivery, "_message", message_of)
        server.mailbox.recipient_answer = "450 Later"
        delivery.send(fall_due(claimed).pk)
        server.mailbox.recipient_answer = "250 OK" if slow_one_succeeds else "550 No such mailbox"
        return message_of(claimed)

    monkeypatch.setattr(delivery, "_message", slowly)
    ended = sent(mail)
    assert ended.status == ("sent" if slow_one_succeeds else "waiting")
    assert ended.attempts == 2


def test_without_a_mail_server_superusers_read_mail_in_the_console(client: Client) -> None:
    mail = sent(letter())
    assert mail.status == MailStatus.KEPT
    url = reverse("admin:accounts_mail_change", args=[mail.pk])
    client.force_login(User.objects.create_superuser("root@example.org", "a password of theirs"))
    assert SECRET in client.get(url).content.decode()
    assert client.post(url, {"to": "mallory@example.org"}).status_code == 403
    staff = User.objects.create_user("staff@example.org", "a password of theirs", is_staff=True)
    client.force_login(staff)
    assert client.get(url).status_code == 403


def test_an_operator_sends_a_failed_mail_again(client: Client, server: MailServer) -> None:
    server.mailbox.recipient_answer = "550 No such mailbox"
    mail = sent(letter())
    server.mailbox.recipient_answer = "250 OK"
    client.force_login(User.objects.create_superuser("root@example.org", "a password of theirs"))
    action = {"action": "send_again", "_selected_action": [str(mail.pk)]}
    client.post(reverse("admin:accounts_mail_changelist"), action)
    assert sent(mail).status == "sent"
    client.post(reverse("admin:accounts_mail_changelist"), action)
    mail.refresh_from_db()
    assert mail.status == "sent", "what a server has is not sent again: its text is gone"


def test_the_conductor_wakes_a_worker_once_for_what_is_due(
    redis_client: redis.Redis, django_capture_on_commit_callbacks: Any
) -> None:
    mail, later = letter(), letter()
    Mail.objects.filter(pk=later.pk).update(next_attempt_at=timezone.now() + timedelta(hours=1))
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            conductor.wake_mail()
    [job] = queue.waiting("default")
    assert job.startswith(f"mail-{mail.pk}-0-")


def test_old_mail_is_removed_but_what_waits_stays() -> None:
    waiting, kept = letter(), sent(letter())
    Mail.objects.update(created_at=timezone.now() - delivery.KEEP - timedelta(days=1))
    housekeeping.run()
    assert list(Mail.objects.values_list("pk", flat=True)) == [waiting.pk]
    assert kept.pk != waiting.pk
