"""Transcripts and their segments."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from transcripts.addresses import address_of
from transcripts.models.choices import TRANSCRIPT_TRANSITIONS, LanguageSource, Origin, TranscriptStatus
from transcripts.models.processing import ProcessingJob
from transcripts.models.recordings import Recording
from transcripts.models.transitions import StatusQuerySet


class TranscriptQuerySet(StatusQuerySet["Transcript"]):
    """Transcripts."""

    transitions = TRANSCRIPT_TRANSITIONS


class Transcript(models.Model):
    """A reviewed text of a recording; draft → in_review → approved, and back.

    One job makes at most one. `engine` says who recognised the speech, `is_draft_engine` that the recogniser is a
    small one whose text wants more care. `language` is that of most of the speech; `language_source` is empty if no
    language is known. `language_probability` (0 to 1) is what the provider said of its detection, None if it said
    nothing. `has_estimated_speakers` says that speakers were distinguished by their voices. `changes` is
    the number of the last change in the transcript's feed: readers count, and ask for what they missed.
    `status_edit` is the change that gave it its `status`, None if it began with it; it says who and when.
    `reviewed_words` counts the words in reviewed segments, of `word_count`, and `doubtful_words` those of low
    confidence in the others; all three are written with each edit.
    `review_seconds` is how long people worked on it, all together.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="transcripts")
    job = models.OneToOneField(ProcessingJob, null=True, on_delete=models.SET_NULL, related_name="transcript")
    language = models.CharField(max_length=35, blank=True)
    language_source = models.CharField(max_length=10, choices=LanguageSource, blank=True)
    language_probability = models.FloatField(null=True, blank=True)
    has_estimated_speakers = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=TranscriptStatus, default=TranscriptStatus.DRAFT)
    status_edit = models.ForeignKey(
        "transcripts.Edit", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    provider = models.CharField(max_length=80)
    engine = models.CharField(max_length=120, blank=True)
    is_draft_engine = models.BooleanField(default=False)
    word_count = models.PositiveIntegerField(default=0)
    reviewed_words = models.PositiveIntegerField(default=0, db_default=0)
    doubtful_words = models.PositiveIntegerField(default=0, db_default=0)
    review_seconds = models.PositiveIntegerField(default=0, db_default=0)
    changes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TranscriptQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(status__in=TranscriptStatus.values), name="transcript_known_status"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The latest transcript of a recording
            models.Index(fields=["recording", "-created_at"], name="latest_transcript"),
            # The console: newest first
            models.Index(fields=["-created_at"], name="newest_transcripts"),
        ]

    def __str__(self) -> str:
        return f"Transcript of {self.recording}"

    def get_absolute_url(self) -> str:
        """The page of this transcript."""
        return address_of("transcript", self.pk)

    @property
    def reviewed_percent(self) -> int:
        """Whole percents of the words that are reviewed, rounded down: 100 only if all are."""
        return 100 * self.reviewed_words // self.word_count if self.word_count else 0


class Speaker(models.Model):
    """A voice in one transcript. `label` is what people call it, `provider_label` what the provider did.

    `key` names it to pages, which choose the keys of the speakers they add. `is_named` says that a person gave the
    label.
    """

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="speakers")
    key = models.CharField(max_length=36)
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=120)
    provider_label = models.CharField(max_length=120, blank=True)
    is_named = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["transcript", "position"], name="one_speaker_a_position"),
            models.UniqueConstraint(fields=["transcript", "key"], name="one_speaker_a_key"),
        ]

    def __str__(self) -> str:
        return self.label


# Between the positions of segments that a transcript begins with: a segment that is split off finds one in the middle.
POSITION_GAP = 1 << 32


class PresentSegments(models.Manager["Segment"]):
    """The segments that are in the text: neither removed nor merged into another."""

    def get_queryset(self) -> models.QuerySet[Segment]:
        """Leave out what is not in the text any more."""
        return super().get_queryset().filter(is_removed=False)


class Segment(models.Model):
    """A stretch of one speaker. `revision` rises with each edit.

    `key` names it to pages, which choose the keys of the segments they make. A segment that was removed keeps its
    row and position, so that it can come back; `merged_into` is the key of the one that took its words. `split_from`
    is the key of the one whose words it took, `born` the number of the change that made it, 0 if it was there from
    the beginning. `machine` is what a machine last transcribed there (`text` and `words`), None until a person changes
    the segment. `is_reviewed` says that a person declared the text right; a change of the text takes that away.

    `words` is a list of [text, start_ms, end_ms, confidence, timing], in the order spoken; times are None if
    they aren't known. `language` is the BCP-47 tag that the provider gave this stretch; without one it is the
    transcript's. `change` is the number of the transcript's change that wrote it last, 0 since it was assembled.
    """

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="segments")
    key = models.CharField(max_length=36)
    position = models.PositiveBigIntegerField()
    speaker = models.ForeignKey(Speaker, null=True, blank=True, on_delete=models.SET_NULL, related_name="segments")
    start_ms = models.PositiveBigIntegerField(null=True, blank=True)
    end_ms = models.PositiveBigIntegerField(null=True, blank=True)
    text = models.TextField()
    words = models.JSONField(default=list)
    language = models.CharField(max_length=35, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.MACHINE)
    revision = models.PositiveIntegerField(default=1)
    change = models.PositiveBigIntegerField(default=0)
    born = models.PositiveBigIntegerField(default=0)
    split_from = models.CharField(max_length=36, blank=True)
    is_removed = models.BooleanField(default=False)
    merged_into = models.CharField(max_length=36, blank=True)
    machine = models.JSONField(null=True, blank=True)
    is_reviewed = models.BooleanField(default=False, db_default=False)

    objects = PresentSegments()
    with_removed = models.Manager["Segment"]()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["transcript", "position"], name="one_segment_a_position"),
            models.UniqueConstraint(fields=["transcript", "key"], name="one_segment_a_key"),
            models.CheckConstraint(condition=models.Q(end_ms__gte=models.F("start_ms")), name="segment_times_in_order"),
            models.CheckConstraint(condition=models.Q(origin__in=Origin.values), name="segment_known_origin"),
        ]

    def __str__(self) -> str:
        return f"Segment {self.position} of {self.transcript_id}"

    @property
    def is_unconfirmed(self) -> bool:
        """Whether a live provider said this provisionally and never made it final.

        Its words have estimated times and a confidence of 0, which no provider's final words have together.
        """
        is_machine = self.origin == Origin.MACHINE and bool(self.words)
        return is_machine and all(word[3] == 0 and word[4] == "estimated" for word in self.words)
