"""Give segments and speakers their keys, and make edits of what segments said before."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat

BATCH = 500
GAP = 1 << 32


def name_rows(apps: Any, schema_editor: Any) -> None:
    """Name segments and speakers by their number, and leave room between segments."""
    text = models.CharField(max_length=36)
    apps.get_model("transcripts", "Segment").objects.update(
        key=Concat(Value("s"), Cast("position", text)), position=F("position") * GAP
    )
    apps.get_model("transcripts", "Speaker").objects.update(key=Cast("position", text))


def number_positions(apps: Any, schema_editor: Any) -> None:
    """Number segments one after the other again."""
    segments = apps.get_model("transcripts", "Segment").objects
    for transcript_id in segments.order_by().values_list("transcript", flat=True).distinct():
        for number, pk in enumerate(
            segments.filter(transcript=transcript_id).order_by("position").values_list("pk", flat=True)
        ):
            segments.filter(pk=pk).update(position=number)


def copy_revisions(apps: Any, schema_editor: Any) -> None:
    """Make an edit of each revision, numbered behind the changes that the transcript has, in the order they were made."""
    revisions = apps.get_model("transcripts", "Revision").objects
    for transcript_id in revisions.order_by().values_list("segment__transcript", flat=True).distinct():
        _copy(apps, transcript_id, revisions.filter(segment__transcript=transcript_id))


def _copy(apps: Any, transcript_id: Any, revisions: Any) -> None:
    edits, segments = apps.get_model("transcripts", "Edit").objects, apps.get_model("transcripts", "Segment").objects
    edited = apps.get_model("transcripts", "EditedSegment").objects
    transcripts = apps.get_model("transcripts", "Transcript").objects.filter(pk=transcript_id)
    number = transcripts.values_list("changes", flat=True).get()
    said: dict[int, list[Any]] = {}
    for revision in revisions.order_by("segment", "number"):
        said.setdefault(revision.segment_id, []).append(revision)
    following = {row.pk: row for row in segments.filter(pk__in=said)}
    made = []
    for segment_id, rows in said.items():
        for row, later in zip(rows, [*rows[1:], following[segment_id]], strict=True):
            made.append((row.created_at, row.pk, segment_id, row, later))
    for created_at, _, segment_id, row, later in sorted(made, key=lambda one: one[:2]):
        number += 1
        edit = edits.create(
            transcript_id=transcript_id,
            number=number,
            created_at=created_at,
            author_id=row.author_id,
            guest_id=row.guest_id,
            guest_name=row.guest_name,
            kind="retranscription" if later.origin == "machine" else "edit",
        )
        before = {"text": row.text, "words": row.words, "origin": row.origin}
        after = {"text": later.text, "words": later.words, "origin": later.origin}
        edited.create(edit=edit, segment_id=segment_id, before=before, after=after)
    for segment_id, rows in said.items():
        if machine := [row for row in rows if row.origin == "machine"]:
            segments.filter(pk=segment_id).update(machine={"text": machine[-1].text, "words": machine[-1].words})
    transcripts.update(changes=number)


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0017_edits"),
    ]

    operations = [
        migrations.RunPython(name_rows, number_positions),
        migrations.RunPython(copy_revisions, migrations.RunPython.noop),
    ]
