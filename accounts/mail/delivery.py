"""Sends the mail of the outbox, with backoff, outside any transaction.

A worker claims a mail by raising `attempts` and moving `next_attempt_at` to the end of its lease, sends it, and then
writes the outcome; a failure only for exactly that attempt. One that is killed in between leaves a mail that is due
again when the lease ends: it is sent at least once, and a second time only if the worker died after the server took it
and before the row said so.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F
from django.utils import timezone

from accounts.models import Mail, MailStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

# Longer than a conversation with a server whose every answer takes EMAIL_TIMEOUT.
LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
# Some 26 hours: a server that is away over night gets the mail.
MOST_ATTEMPTS = 13
KEEP = timedelta(days=30)
MOST_WOKEN = 100

UNREACHABLE = "The mail server can't be reached."
REFUSED_BY_SERVER = "The mail server refused the mail ({code})."
BROKEN = "The connection to the mail server broke."
SIGN_IN = "The mail server refused Verbatim's user name or password ({code})."
NO_TLS = "The mail server doesn't offer the encryption that EMAIL_URL asks for."
UNFORESEEN = "Sending failed for an unexpected reason. It is in the log of the worker."


def due() -> list[tuple[int, int]]:
    """Return id and number of attempts of the mails that wait for a worker, the longest waiting first."""
    waiting = Mail.objects.filter(status=MailStatus.WAITING, next_attempt_at__lte=timezone.now())
    return list(waiting.order_by("next_attempt_at").values_list("pk", "attempts")[:MOST_WOKEN])


def send(mail_id: int) -> None:
    """Send a mail, unless another worker does or did."""
    mail = _claim(mail_id)
    if mail is None:
        return
    if not settings.HAS_MAIL:
        _mine(mail).update(status=MailStatus.KEPT, error="")
        return
    try:
        _message(mail).send()
    except (OSError, smtplib.SMTPException) as error:
        _put_off(mail, error)
    except Exception as error:
        # A traceback could show the text, which may hold a link that signs someone in.
        logger.error("Mail %s failed: %s", mail.pk, type(error).__name__)
        _put_off(mail, error)
    else:
        _succeed(mail)


def send_again(mails: QuerySet[Mail]) -> int:
    """Make mails due that failed or were kept, with all their attempts ahead; return how many."""
    again = mails.filter(status__in=(MailStatus.FAILED, MailStatus.KEPT)).exclude(text="")
    return again.update(status=MailStatus.WAITING, attempts=0, error="", next_attempt_at=timezone.now())


def remove_old() -> None:
    """Remove mails that nothing more happens to."""
    ended = Mail.objects.exclude(status=MailStatus.WAITING)
    ended.filter(created_at__lt=timezone.now() - KEEP).delete()


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: a minute, doubling to six hours."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << (attempts - 1)))


def _claim(mail_id: int) -> Mail | None:
    now = timezone.now()
    waiting = Mail.objects.filter(pk=mail_id, status=MailStatus.WAITING, next_attempt_at__lte=now)
    mail = waiting.first()
    if mail is None:
        return None
    claimed = waiting.filter(attempts=mail.attempts).update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE)
    mail.attempts += 1
    return mail if claimed else None


def _succeed(mail: Mail) -> None:
    """Say that a server has the mail, even if the lease has ended by now: it needs no second attempt."""
    waiting = Mail.objects.filter(pk=mail.pk, status=MailStatus.WAITING)
    waiting.update(status=MailStatus.SENT, sent_at=timezone.now(), text="", html="", error="")


def _mine(mail: Mail) -> QuerySet[Mail]:
    """Return the row, while it is still at this attempt: the failure of a worker that was too slow changes nothing."""
    return Mail.objects.filter(pk=mail.pk, status=MailStatus.WAITING, attempts=mail.attempts)


def _message(mail: Mail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to], connection=get_connection())
    # The same in every attempt, so that mailboxes can tell a mail that was sent twice
    message.extra_headers["Message-ID"] = f"<{mail.message_id}>"
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _put_off(mail: Mail, error: Exception) -> None:
    sentence, is_permanent = _described(error)
    if is_permanent or mail.attempts >= MOST_ATTEMPTS:
        logger.warning("Mail %s was given up after %s attempts: %s", mail.pk, mail.attempts, sentence)
        _mine(mail).update(status=MailStatus.FAILED, error=sentence)
    else:
        _mine(mail).update(error=sentence, next_attempt_at=timezone.now() + wait_after(mail.attempts))
    if sentence in (UNREACHABLE, BROKEN):
        _put_off_others()


def _put_off_others() -> None:
    """Try one mail a minute at a server that is away: workers that wait for it do no other work."""
    soon = timezone.now() + FIRST_WAIT
    Mail.objects.filter(status=MailStatus.WAITING, next_attempt_at__lt=soon).update(next_attempt_at=soon)


def _described(error: Exception) -> tuple[str, bool]:
    """Return what happened, in words of ours (a server's answer may quote the text), and whether it is permanent."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return REFUSED_BY_SERVER.format(code=codes[0]), all(code >= 500 for code in codes)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return SIGN_IN.format(code=error.smtp_code), False
    if isinstance(error, smtplib.SMTPConnectError):
        return UNREACHABLE, False
    if isinstance(error, smtplib.SMTPResponseException):
        return REFUSED_BY_SERVER.format(code=error.smtp_code), error.smtp_code >= 500
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return NO_TLS, False
    if isinstance(error, smtplib.SMTPException | ConnectionResetError | BrokenPipeError):
        return BROKEN, False
    return (UNREACHABLE if isinstance(error, OSError) else UNFORESEEN), False
