"""Languages of segments, how sure a detection is, and how many speak.

Speakers of the transcripts there are came from the sound of voices too, unless each is an audio track's.
"""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import Exists, OuterRef


def mark_estimates(apps: Any, schema_editor: Any) -> None:
    transcript, speaker, chunk = (apps.get_model("transcripts", name) for name in ("Transcript", "Speaker", "Chunk"))
    has_speakers = Exists(speaker.objects.filter(transcript=OuterRef("pk")))
    has_tracks = Exists(chunk.objects.filter(job=OuterRef("job")).exclude(layout=[]))
    transcript.objects.filter(has_speakers, ~has_tracks).update(has_estimated_speakers=True)


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0012_transcript_language_source"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="processingjob",
            name="speakers",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="segment",
            name="language",
            field=models.CharField(blank=True, max_length=35),
        ),
        migrations.AddField(
            model_name="transcript",
            name="has_estimated_speakers",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="transcript",
            name="language_probability",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="speakers",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(mark_estimates, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="processingjob",
            constraint=models.CheckConstraint(condition=models.Q(("speakers__gte", 1)), name="job_has_a_speaker"),
        ),
    ]
