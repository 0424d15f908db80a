"""Originals have a fingerprint; housekeeping works out those of the files that are there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0041_saved_filters")]

    operations = [
        migrations.AddField(
            model_name="mediafile",
            name="fingerprint",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddIndex(
            model_name="mediafile",
            index=models.Index(
                condition=models.Q(("kind", "original")), fields=["fingerprint"], name="original_fingerprints"
            ),
        ),
    ]
