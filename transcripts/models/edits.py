"""The changes of a transcript: who changed what, what was there before, and what is still to be decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from transcripts.models.authors import Authored
from transcripts.models.choices import EditDirection, EditKind
from transcripts.models.transcripts import Segment, Transcript


class Edit(Authored):
    """One numbered change of a transcript's text or speakers. None is ever removed.

    `operations` are what a page asked for, as `document.editing` reads them. `speakers` has the label of each speaker
    that was renamed or added, before and after, by their key. `shift_ms` is what was added to all times, which the
    segments of such an edit don't repeat. `undoes` is the number of the edit that this one takes back, `direction`
    whether the page undid or redid. `client` and `client_number` say which batch of which page it was: the same batch
    sent again is not applied again. One of the kind `status` has one operation, with the status `to` which it led; it
    was approved as it is after the change before that.
    """

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=15, choices=EditKind, default=EditKind.EDIT)
    operations = models.JSONField(default=list)
    speakers = models.JSONField(default=dict)
    shift_ms = models.BigIntegerField(default=0)
    direction = models.CharField(max_length=4, choices=EditDirection, blank=True)
    undoes = models.PositiveBigIntegerField(null=True, blank=True)
    client = models.CharField(max_length=36, blank=True)
    client_number = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["transcript", "number"], name="one_edit_a_number"),
            models.UniqueConstraint(
                fields=["transcript", "client", "client_number"],
                condition=~models.Q(client=""),
                name="one_edit_a_batch",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=EditKind.values), name="edit_known_kind"),
        ]

    def __str__(self) -> str:
        return f"Edit {self.number} of {self.transcript_id}"


class EditedSegment(models.Model):
    """What an edit changed in one segment: the fields that changed, as they were and as they became.

    The fields are `text`, `words`, `speaker` (a key, empty for none), `start_ms`, `end_ms`, `origin`, `is_removed`,
    `merged_into` and `is_reviewed`. `before` is None if the edit made the segment.
    """

    edit = models.ForeignKey(Edit, on_delete=models.CASCADE, related_name="segments")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="edits")
    before = models.JSONField(null=True)
    after = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["edit__number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edit", "segment"], name="one_change_a_segment"),
        ]

    def __str__(self) -> str:
        return f"Segment {self.segment_id} in edit {self.edit_id}"


class Version(Authored):
    """A name that a person gave to a transcript as it was after a change."""

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveBigIntegerField()
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number", "pk"]

    def __str__(self) -> str:
        return self.name


class Conflict(Authored):
    """A place where words stayed although someone else wrote, or another run transcribed, something else.

    `kept` is what the text says there, `offered` what it doesn't: a new transcription, or the words of a person which
    another's `edit` overwrote. It is open until someone, its author, decides; `took_offer` tells how.
    """

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="conflicts")
    edit = models.ForeignKey(Edit, null=True, blank=True, on_delete=models.SET_NULL, related_name="conflicts")
    start_ms = models.PositiveBigIntegerField()
    end_ms = models.PositiveBigIntegerField()
    kept = models.TextField(blank=True)
    offered = models.TextField(blank=True)
    took_offer = models.BooleanField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["start_ms", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(end_ms__gte=models.F("start_ms")), name="conflict_times_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"Conflict in segment {self.segment_id}"
