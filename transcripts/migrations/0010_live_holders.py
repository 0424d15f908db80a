"""Since when no page has been connected that records a live session, and which words stayed provisional."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns that are empty at first; the conductor fills `paused_at` for sessions that are paused already."""

    dependencies = [("transcripts", "0009_what_the_instance_knows")]

    operations = [
        migrations.AddField("livesession", "paused_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("livesession", "unconfirmed", models.JSONField(blank=True, default=list)),
        migrations.AddField("livesession", "provisional", models.JSONField(blank=True, default=dict)),
    ]
