"""The model that an account with a provider asks for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0050_accuracy")]

    operations = [
        migrations.AddField(
            model_name="provideraccount",
            name="model",
            field=models.CharField(blank=True, db_default="", max_length=120),
        ),
    ]
