"""The id of the request that began a job."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0046_operations"),
    ]

    operations = [
        migrations.AddField(
            model_name="processingjob",
            name="request_id",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=32),
        ),
    ]
