"""How right the machine's text of approved transcripts was."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from transcripts import clock
from transcripts.models.transcripts import Transcript


class Measurement(models.Model):
    """The machine's text of a transcript against the text that was approved, counted in words.

    `words` are those of the approved text; the others are what was wrong in the machine's. `approval` is the number of
    the change that approved it: one that was approved again is measured again. It counts while the transcript is
    approved.
    """

    transcript = models.OneToOneField(Transcript, on_delete=models.CASCADE, related_name="measurement")
    approval = models.PositiveBigIntegerField()
    approved_at = models.DateTimeField()
    words = models.PositiveIntegerField()
    substitutions = models.PositiveIntegerField()
    deletions = models.PositiveIntegerField()
    insertions = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["approved_at"], name="measured_in_order")]

    def __str__(self) -> str:
        return f"Accuracy of {self.transcript_id}"


class SpeakerMeasurement(models.Model):
    """The same of one speaker, by the label that the approved text has; all speakers together are the whole."""

    measurement = models.ForeignKey(Measurement, on_delete=models.CASCADE, related_name="speakers")
    label = models.CharField(max_length=120, blank=True)
    words = models.PositiveIntegerField()
    substitutions = models.PositiveIntegerField()
    deletions = models.PositiveIntegerField()
    insertions = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["measurement", "label"], name="one_measurement_a_speaker"),
        ]

    def __str__(self) -> str:
        return f"Accuracy of {self.label}"


class CorrectedWord(models.Model):
    """A word that a machine wrote and people replaced, and how often in a transcript."""

    measurement = models.ForeignKey(Measurement, on_delete=models.CASCADE, related_name="corrected")
    was = models.CharField(max_length=80)
    became = models.CharField(max_length=80)
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["measurement", "was", "became"], name="one_correction_a_transcript"),
        ]

    def __str__(self) -> str:
        return f"{self.was} → {self.became}"
