"""How much there is to answer in transcripts: open comments, and those that name a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from transcripts.models import Comment, Mention
from transcripts.models.choices import CommentKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

# A thread is resolved as a whole, by its first comment.
OF_OPEN_THREAD = Q(comment__resolved_at=None, comment__parent=None) | Q(comment__parent__resolved_at=None)


def open_threads() -> Coalesce:
    """Return how many comments of a recording's latest transcript wait to be resolved; highlights ask for nothing."""
    threads = Comment.objects.present().filter(parent=None, resolved_at=None).exclude(kind=CommentKind.HIGHLIGHT)
    return _counted(threads.filter(transcript=OuterRef("latest_transcript")), "transcript")


def open_mentions(user: User) -> Coalesce:
    """Return how many open comments of a recording's latest transcript name the person."""
    mentions = Mention.objects.filter(OF_OPEN_THREAD, user=user, comment__removed_at=None)
    return _counted(mentions.filter(comment__transcript=OuterRef("latest_transcript")), "comment__transcript")


def _counted(rows: QuerySet[Comment] | QuerySet[Mention], by: str) -> Coalesce:
    counts = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)
