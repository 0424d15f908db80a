"""What one person has is counted and sorted within its index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0058_credentials"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="recording",
            name="library_owner",
        ),
        migrations.RemoveIndex(
            model_name="recording",
            name="library_reviewer",
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["owner", "-created_at", "-id", "team", "duration_ms", "due_on", "reviewed_percent"],
                name="library_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["reviewer", "-created_at", "-id", "team", "owner", "duration_ms", "due_on", "reviewed_percent"],
                name="library_reviewer",
            ),
        ),
    ]
