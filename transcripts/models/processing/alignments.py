"""What was asked about when the words of an answer without times are spoken."""

from __future__ import annotations

from django.db import models

from transcripts.models.processing.jobs import ProcessingJob
from transcripts.models.providers import ProviderAccount


class Alignment(models.Model):
    """Words whose times an engine inside this instance is asked for, once a job.

    `words` are those of the answer, each with the second that it is expected at, until it `ended_at`; `processing_id`
    is the engine's. `times` has the start and end of each word in milliseconds, None for one that it didn't find;
    without any, `reason` says why, and the words have estimated times.
    """

    job = models.OneToOneField(ProcessingJob, on_delete=models.CASCADE, related_name="alignment")
    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="alignments")
    language = models.CharField(max_length=35)
    words = models.JSONField(default=list, blank=True)
    word_count = models.PositiveIntegerField()
    processing_id = models.CharField(max_length=200, blank=True)
    times = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["-asked_at"], name="newest_alignments"),)

    def __str__(self) -> str:
        return f"Alignment of job {self.job_id}"
