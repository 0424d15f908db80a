"""The language that a term of a vocabulary belongs to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0054_wishes")]

    operations = [
        migrations.AddField(
            model_name="term",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=35),
        ),
    ]
