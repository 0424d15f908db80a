"""What the library reads of a recording, and who deleted it."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0037_folder_sharing"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="recording",
            name="deleted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="recording",
            name="due_on",
            field=models.DateField(
                db_default=datetime.date(9999, 12, 31), default=datetime.date(9999, 12, 31), editable=False
            ),
        ),
        migrations.AddField(
            model_name="recording",
            name="job_status",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name="recording",
            name="latest_job",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="transcripts.processingjob",
            ),
        ),
        migrations.AddField(
            model_name="recording",
            name="latest_transcript",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="transcripts.transcript",
            ),
        ),
        migrations.AddField(
            model_name="recording",
            name="review",
            field=models.CharField(
                blank=True,
                choices=[("draft", "Draft"), ("due", "To review"), ("approved", "Approved")],
                db_default="",
                default="",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="recording",
            name="reviewed_percent",
            field=models.PositiveSmallIntegerField(db_default=101, default=101, editable=False),
        ),
        migrations.AddField(
            model_name="recording",
            name="reviewer",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="transcript",
            name="doubtful_words",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
