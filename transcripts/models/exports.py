"""Files that a worker writes for a person, the export options that a team used last, and its document template."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Team
from transcripts.models.choices import ACTIVE_EXPORT, EXPORT_TRANSITIONS, ExportStatus
from transcripts.models.transitions import StatusQuerySet


class ExportQuerySet(StatusQuerySet["Export"]):
    """Exports."""

    transitions = EXPORT_TRANSITIONS


class Export(models.Model):
    """A file that a worker writes; queued ⇄ running → ready / failed. Several transcripts are a ZIP of files.

    The worker that runs it holds its lease until `lease_until`. Each claim raises `fence`, which every write names;
    `kills` counts the leases that ran out. `transcript_ids` are ids and no relation, so that a deleted transcript is
    told and not left out. The file is removed at `expires_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="exports")
    transcript_ids = models.JSONField()
    format = models.CharField(max_length=20)
    options = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=ExportStatus, default=ExportStatus.QUEUED)
    fence = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    kills = models.PositiveSmallIntegerField(default=0)
    filename = models.CharField(max_length=255, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    error_message = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(status__in=ExportStatus.values), name="export_known_status"),
            models.CheckConstraint(
                condition=~models.Q(status=ExportStatus.RUNNING) | models.Q(lease_until__isnull=False),
                name="running_export_has_lease",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The conductor, each second: what waits, and whose lease ran out
            models.Index(fields=["status"], name="open_exports", condition=models.Q(status__in=ACTIVE_EXPORT)),
            # Housekeeping
            models.Index(fields=["expires_at"], name="expired_exports"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} export to {self.format}"

    @property
    def storage_name(self) -> str:
        """The file below the media storage."""
        return f"exports/{self.pk}"

    @property
    def is_active(self) -> bool:
        """Whether its file is still to be written."""
        return self.status in ACTIVE_EXPORT


class AccountExportQuerySet(StatusQuerySet["AccountExport"]):
    """Exports of people's own data."""

    transitions = EXPORT_TRANSITIONS


class AccountExport(models.Model):
    """A person's own data as a file; queued ⇄ running → ready / failed. It is removed at `expires_at`.

    Writing it twice is harmless, so the lease of its worker has no fence; `attempts` ends one that kills its workers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="account_exports")
    status = models.CharField(max_length=10, choices=ExportStatus, default=ExportStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    objects = AccountExportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(status__in=ExportStatus.values), name="account_export_known_status"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The conductor, each second
            models.Index(fields=["status"], name="open_account_exports", condition=models.Q(status__in=ACTIVE_EXPORT)),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} data of {self.user}"

    @property
    def storage_name(self) -> str:
        """The file below the media storage."""
        return f"exports/{self.pk}"

    @property
    def is_active(self) -> bool:
        """Whether its file is still to be written."""
        return self.status in ACTIVE_EXPORT


class ExportChoice(models.Model):
    """The options with which a team exported to a format last; the latest `used_at` tells its usual format."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="export_choices")
    format = models.CharField(max_length=20)
    options = models.JSONField(default=dict, blank=True)
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["team", "format"], name="one_export_choice_a_format"),
        ]

    def __str__(self) -> str:
        return f"{self.format} of {self.team}"


class DocumentTemplate(models.Model):
    """A Word document whose styles, page and header the exports of a team follow.

    The row is there before its file, and `team` only when the file is whole. It is empty again once the template is
    replaced or removed or its team is deleted: housekeeping removes such files, and their rows after that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.OneToOneField(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="document_template"
    )
    filename = models.CharField(max_length=255)
    bytes = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.filename

    @property
    def storage_name(self) -> str:
        """The file below the media storage."""
        return f"templates/{self.pk}"
