"""What people say about a transcript, and whom they name."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from transcripts import clock
from transcripts.models.authors import Authored
from transcripts.models.choices import CommentKind, HighlightColour
from transcripts.models.transcripts import Segment, Transcript


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments."""

    def present(self) -> CommentQuerySet:
        """Return those that their author has not deleted."""
        return self.filter(removed_at=None)


class Comment(Authored):
    """What a person said about a place of a transcript, about a moment of it, or in reply to such a comment.

    The page chooses the id, so that a comment sent twice is one. Its place are the code points from `begin` to `end`
    of a segment; it moves with the text. `quoted` are the words that the author chose, `latest` those that the place
    had last: the place is empty, or its segment removed, while they are not in the text. A reply has its `parent`'s
    place. A highlight has a colour, and `tag` names what it is about. A selection that goes over several segments has
    its `parts` in the others.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    kind = models.CharField(max_length=10, choices=CommentKind, default=CommentKind.COMMENT)
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    begin = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    quoted = models.TextField(blank=True)
    latest = models.TextField(blank=True)
    at_ms = models.PositiveBigIntegerField(null=True, blank=True)
    body = models.CharField(max_length=4000, blank=True)
    colour = models.CharField(max_length=10, choices=HighlightColour, blank=True)
    tag = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=CommentKind.values), name="comment_known_kind"),
            models.CheckConstraint(condition=models.Q(end__gte=models.F("begin")), name="comment_range_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name} on {self.transcript_id}"


class CommentPart(models.Model):
    """What a comment is about in a segment after its first. It moves with the text on its own, as that does.

    `position` counts the parts from 1; the comment itself has the place in the first segment.
    """

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    segment = models.ForeignKey(Segment, null=True, on_delete=models.CASCADE, related_name="comment_parts")
    begin = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    quoted = models.TextField(blank=True)
    latest = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["comment", "position"], name="one_part_a_position"),
            models.CheckConstraint(condition=models.Q(end__gte=models.F("begin")), name="part_range_in_order"),
        ]

    def __str__(self) -> str:
        return f"Part {self.position} of {self.comment_id}"


class Mention(models.Model):
    """A member whom a comment names."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["comment", "user"], name="one_mention_a_comment"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.comment_id}"
