"""Fill what the library reads of a recording."""

import datetime
from collections import Counter
from typing import Any

from django.db import migrations
from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

# Words of a lower confidence are doubtful.
DOUBT_BELOW = 0.6
NEVER = datetime.date(9999, 12, 31)
NOT_REVIEWABLE = 101


def fill(apps: Any, schema_editor: Any) -> None:
    """Write what the latest job, transcript and assignment of each recording say."""
    Recording = apps.get_model("transcripts", "Recording")
    jobs = apps.get_model("transcripts", "ProcessingJob").objects.filter(recording=OuterRef("pk"))
    transcripts = apps.get_model("transcripts", "Transcript").objects.filter(recording=OuterRef("pk"))
    latest_job, latest = jobs.order_by("-created_at"), transcripts.order_by("-created_at")
    is_due = Q(status="in_review") | Q(status="draft", assignment__isnull=False)
    review = Case(When(is_due, then=Value("due")), default="status")
    due_on = Case(When(status="approved", then=Value(NEVER)), default=Coalesce("assignment__due_on", Value(NEVER)))
    percent = Case(
        When(word_count=0, then=Value(NOT_REVIEWABLE)),
        When(status="approved", then=Value(100)),
        default=F("reviewed_words") * 100 / F("word_count"),
        output_field=IntegerField(),
    )
    Recording.objects.update(
        latest_job=Subquery(latest_job.values("pk")[:1]),
        job_status=Coalesce(Subquery(latest_job.values("status")[:1]), Value("")),
        latest_transcript=Subquery(latest.values("pk")[:1]),
        review=Coalesce(Subquery(latest.annotate(stage=review).values("stage")[:1]), Value("")),
        reviewer=Subquery(latest.values("assignment__assignee")[:1]),
        due_on=Coalesce(Subquery(latest.annotate(day=due_on).values("day")[:1]), Value(NEVER)),
        reviewed_percent=Coalesce(Subquery(latest.annotate(share=percent).values("share")[:1]), Value(NOT_REVIEWABLE)),
    )


def count_doubtful_words(apps: Any, schema_editor: Any) -> None:
    """Count the words of low confidence in the segments that no one has reviewed."""
    Transcript = apps.get_model("transcripts", "Transcript")
    segments = apps.get_model("transcripts", "Segment").objects.filter(is_removed=False, is_reviewed=False)
    found: Counter[Any] = Counter()
    for transcript, words in segments.values_list("transcript", "words").iterator(500):
        found[transcript] += sum(word[3] is not None and word[3] < DOUBT_BELOW for word in words)
    for transcript, count in found.items():
        if count:
            Transcript.objects.filter(pk=transcript).update(doubtful_words=count)


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0038_library_columns")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(count_doubtful_words, migrations.RunPython.noop),
    ]
