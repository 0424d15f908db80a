"""The orders and the filters of the library."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0039_fill_library_columns")]

    operations = [
        migrations.RemoveIndex(
            model_name="recording",
            name="library",
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["team", "-created_at", "-id", "review", "duration_ms"],
                name="library_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                models.F("team"),
                django.db.models.functions.text.Lower("title"),
                models.F("id"),
                models.F("review"),
                condition=models.Q(("deleted_at__isnull", True)),
                name="library_title",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["team", "due_on", "id", "review"],
                name="library_due",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["team", "reviewed_percent", "id", "review"],
                name="library_review",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["team", "review", "-created_at", "-id", "duration_ms"],
                name="library_stage",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["team", "job_status", "-created_at", "-id", "duration_ms"],
                name="library_job",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["owner", "-created_at", "-id", "team"],
                name="library_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["reviewer", "-created_at", "-id", "team"],
                name="library_reviewer",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["folder", "-created_at", "-id"],
                name="library_folder",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)),
                fields=["team", "-deleted_at", "-id"],
                name="library_trash",
            ),
        ),
    ]
