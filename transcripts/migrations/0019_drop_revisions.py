"""Every segment and speaker has a key, and revisions are edits."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0018_fill_edits"),
    ]

    operations = [
        migrations.AlterField("segment", "key", models.CharField(max_length=36)),
        migrations.AlterField("speaker", "key", models.CharField(max_length=36)),
        migrations.AddConstraint(
            "segment", models.UniqueConstraint(fields=["transcript", "key"], name="one_segment_a_key")
        ),
        migrations.AddConstraint(
            "speaker", models.UniqueConstraint(fields=["transcript", "key"], name="one_speaker_a_key")
        ),
        migrations.DeleteModel("Revision"),
    ]
