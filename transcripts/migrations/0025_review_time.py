"""How long people worked on a transcript: together, and by person for those who want that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0024_signing_keys")]

    operations = [
        migrations.AddField(
            model_name="transcript",
            name="review_seconds",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="reading",
            name="active_seconds",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
