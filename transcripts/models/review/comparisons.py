"""What another provider made of a recording, to be compared with a transcript of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from transcripts.models.choices import LanguageSource
from transcripts.models.processing import ProcessingJob
from transcripts.models.transcripts import Transcript


class Comparison(models.Model):
    """The text that a job made to stand beside a `transcript`: no transcript itself until a person uses it as one.

    It is written once and never changed. A segment is [speaker, start_ms, end_ms, text, words, language], its words as
    those of a `Segment`. `has_tracks` says that its speakers are audio tracks. Once it was used as a whole, its job has
    a transcript. `created_by` asked for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(ProcessingJob, on_delete=models.CASCADE, related_name="comparison")
    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="comparisons")
    segments = models.JSONField(default=list)
    word_count = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=35, blank=True)
    language_source = models.CharField(max_length=10, choices=LanguageSource, blank=True)
    language_probability = models.FloatField(null=True, blank=True)
    has_estimated_speakers = models.BooleanField(default=False)
    has_tracks = models.BooleanField(default=False)
    provider = models.CharField(max_length=80)
    engine = models.CharField(max_length=120, blank=True)
    is_draft_engine = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # The console: newest first
            models.Index(fields=["-created_at"], name="newest_comparisons"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} beside {self.transcript}"

    def address_beside(self, transcript: Transcript) -> str:
        """Return the page that compares it with a transcript of its recording."""
        return reverse("comparison", args=[transcript.pk, self.pk])
