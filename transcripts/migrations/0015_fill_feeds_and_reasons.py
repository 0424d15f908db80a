"""Fill the columns that were read out of live sessions and activities before."""

from __future__ import annotations

from typing import Any

from django.db import migrations

BATCH = 1_000


def copy_feeds(apps: Any, schema_editor: Any) -> None:
    """Continue each live session's numbers in the feed of its transcript."""
    sessions = apps.get_model("transcripts", "LiveSession").objects.exclude(changes=0)
    transcripts = apps.get_model("transcripts", "Transcript").objects
    for transcript_id, changes in sessions.values_list("transcript", "changes").iterator(BATCH):
        transcripts.filter(pk=transcript_id).update(changes=changes)


def copy_reasons(apps: Any, schema_editor: Any) -> None:
    """Read out of the activities which limit ended a session."""
    sessions = apps.get_model("transcripts", "LiveSession").objects
    stopped = apps.get_model("transcripts", "Activity").objects.filter(verb="live:stopped", recording__isnull=False)
    for recording_id, data in stopped.values_list("recording", "data").iterator(BATCH):
        if data.get("because") in ("silence", "away", "minutes"):
            ended = {"ended_because": data["because"], "ended_after_minutes": data.get("minutes")}
            sessions.filter(recording=recording_id).update(**ended)


def copy_purges(apps: Any, schema_editor: Any) -> None:
    """Read out of the activities which recordings were purged, so that files that still bear their ids are removed."""
    purged = apps.get_model("transcripts", "PurgedRecording").objects
    activities = apps.get_model("transcripts", "Activity").objects.filter(verb="recording:purged")
    for data in activities.values_list("data", flat=True).iterator(BATCH):
        if data.get("recording"):
            purged.get_or_create(recording_id=data["recording"])


def copy_back(apps: Any, schema_editor: Any) -> None:
    """Give live sessions their numbers again; the activities still say the rest."""
    transcripts = apps.get_model("transcripts", "Transcript").objects.exclude(changes=0)
    sessions = apps.get_model("transcripts", "LiveSession").objects
    for transcript_id, changes in transcripts.values_list("pk", "changes").iterator(BATCH):
        sessions.filter(transcript=transcript_id).update(changes=changes)


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0014_feeds_authors_and_reasons"),
    ]

    operations = [
        migrations.RunPython(copy_feeds, copy_back),
        migrations.RunPython(copy_reasons, migrations.RunPython.noop),
        migrations.RunPython(copy_purges, migrations.RunPython.noop),
    ]
