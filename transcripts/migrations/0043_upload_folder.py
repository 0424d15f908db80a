"""An upload knows the folder that its recording goes to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0042_fingerprints")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="folder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="transcripts.folder",
            ),
        ),
    ]
