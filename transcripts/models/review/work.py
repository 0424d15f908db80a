"""Who reviews a transcript by when, and which stretch of it they have for themselves."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from transcripts import clock
from transcripts.models.transcripts import Segment, Transcript


class Assignment(models.Model):
    """The person who is to review a transcript, by when if that was said, and who asked them to."""

    transcript = models.OneToOneField(Transcript, on_delete=models.CASCADE, related_name="assignment")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments")
    due_on = models.DateField(null=True, blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    assigned_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.assignee} reviews {self.transcript_id}"


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims."""

    def open(self) -> ClaimQuerySet:
        """Return those that have not expired."""
        return self.filter(expires_at__gt=clock.now())


class Claim(models.Model):
    """A stretch of a transcript that one person edits alone, from the `first` segment to the `last`, until it expires.

    Segments keep their rows and their order whatever becomes of them, so the stretch moves with the text. A claim that
    is released is gone; the activities say who had it.
    """

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="claims")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims")
    first = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="+")
    last = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["transcript", "holder"], name="one_claim_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} in {self.transcript_id}"


class AcceptedFault(models.Model):
    """A limit of a subtitle profile that a cue exceeds, and that a person accepted as it is.

    The cue is the one that begins in the segment and says what `digest` was made of: once it says something else, the
    fault counts again.
    """

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="accepted_faults")
    profile = models.CharField(max_length=20)
    segment_key = models.CharField(max_length=36)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    accepted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["transcript", "profile", "segment_key", "digest", "kind"], name="accepted_fault_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.transcript_id}"
