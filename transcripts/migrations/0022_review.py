"""Review: which segments a person declared right, and how many words those have."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0020_reading"),
    ]

    operations = [
        migrations.AddField(
            model_name="segment",
            name="is_reviewed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="transcript",
            name="reviewed_words",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
