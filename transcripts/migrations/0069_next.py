"""Recordings that a person puts before others of the team."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0067_alignment")]

    operations = [
        migrations.AddField(
            model_name="processingjob",
            name="is_next",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
