"""Steps of a slice, and what is said of slices that overlap or failed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0055_term_languages"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="step",
            name="one_step_a_kind",
        ),
        migrations.AddField(
            model_name="chunk",
            name="error_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="chunk",
            name="error_message",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="chunk",
            name="overlap_ms",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="step",
            name="chunk",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="transcripts.chunk",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(
                condition=models.Q(("chunk__isnull", True)), fields=("job", "kind"), name="one_step_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(
                condition=models.Q(("chunk__isnull", False)), fields=("chunk", "kind"), name="one_step_a_kind_of_slice"
            ),
        ),
    ]
