"""Mail to people, as rows that a worker sends."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone


class MailStatus(models.TextChoices):
    """waiting → sent / kept / failed. Kept: this instance has no mail server, so the console shows the text."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    KEPT = "kept", "Readable here"
    FAILED = "failed", "Failed"


class Mail(models.Model):
    """A mail, written in the transaction that is its reason, so that it is sent if and only if that happened.

    Its text may hold a link that signs someone in: it is in no log, and is emptied once a mail server has the mail.
    `next_attempt_at` is also the end of the lease of the worker that sends it (`accounts/mail/delivery.py`).
    """

    to = models.EmailField("recipient")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=MailStatus, default=MailStatus.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "mail"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(status__in=MailStatus.values), name="mail_known_status"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # What is due
            models.Index(fields=["next_attempt_at"], condition=models.Q(status=MailStatus.WAITING), name="mail_due"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    @property
    def message_id(self) -> str:
        """The Message-ID that all attempts share."""
        return f"{uuid.uuid5(uuid.NAMESPACE_OID, f'{self.pk}-{self.created_at.isoformat()}')}@verbatim"
