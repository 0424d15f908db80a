"""Since when no page has been connected that records a live session."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A nullable column: old code ignores it, and the conductor fills it for sessions that are paused already."""

    dependencies = [("transcripts", "0009_what_the_instance_knows")]

    operations = [
        migrations.AddField("livesession", "paused_at", models.DateTimeField(blank=True, null=True)),
    ]
