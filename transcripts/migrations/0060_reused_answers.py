"""Which chunks have the same audio and options, and whose answer was used for which."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0059_own_recordings"),
    ]

    operations = [
        migrations.AddField(
            model_name="chunk",
            name="is_reused",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="chunk",
            name="key",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="chunk",
            name="reused_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="transcripts.chunk",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="waits_for",
            field=models.CharField(
                blank=True,
                choices=[("budget", "The budget of the team"), ("answer", "The answer to the same audio")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="chunk",
            index=models.Index(condition=models.Q(("key", ""), _negated=True), fields=["key"], name="chunk_keys"),
        ),
    ]
