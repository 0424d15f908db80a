"""Accounts that are paused, and the indexes of the console: newest first, and what ended within a day."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_own_account"),
        ("transcripts", "0045_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="provideraccount",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="processingjob",
            name="left_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="mediafile",
            index=models.Index(fields=["created_at", "bytes"], name="storage_growth"),
        ),
        migrations.AddIndex(
            model_name="mediafile",
            index=models.Index(
                condition=models.Q(("missing_since__isnull", False)), fields=["missing_since"], name="missing_files"
            ),
        ),
        migrations.AddIndex(
            model_name="processingjob",
            index=models.Index(fields=["-created_at"], name="newest_jobs"),
        ),
        migrations.AddIndex(
            model_name="processingjob",
            index=models.Index(fields=["finished_at", "status"], name="ended_jobs"),
        ),
        migrations.AddIndex(
            model_name="providercall",
            index=models.Index(fields=["-started_at"], name="newest_calls"),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(fields=["-created_at"], name="newest_recordings"),
        ),
        migrations.AddIndex(
            model_name="transcript",
            index=models.Index(fields=["-created_at"], name="newest_transcripts"),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["-created_at"], name="newest_uploads"),
        ),
    ]
