"""Live sessions have no feed of their own any more."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0015_fill_feeds_and_reasons"),
    ]

    operations = [
        migrations.RemoveField(model_name="livesession", name="changes"),
    ]
