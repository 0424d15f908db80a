"""What people wish for a transcription beside its language, of jobs, uploads and teams."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0053_provider_models")]

    operations = [
        migrations.AddField(
            model_name="processingjob",
            name="languages",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="processingjob",
            name="masks_profanity",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="processingjob",
            name="punctuates",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="processingjob",
            name="separates_speakers",
            field=models.BooleanField(db_default=True, default=True, verbose_name="tells speakers apart"),
        ),
        migrations.AddField(
            model_name="upload",
            name="languages",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="upload",
            name="masks_profanity",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="upload",
            name="punctuates",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="separates_speakers",
            field=models.BooleanField(db_default=True, default=True, verbose_name="tells speakers apart"),
        ),
        migrations.AddField(
            model_name="teamdefaults",
            name="languages",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="teamdefaults",
            name="masks_profanity",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="teamdefaults",
            name="punctuates",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="teamdefaults",
            name="separates_speakers",
            field=models.BooleanField(db_default=True, default=True, verbose_name="tells speakers apart"),
        ),
    ]
