"""Jobs whose text is kept beside a transcript, and these texts."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0064_batches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="processingjob",
            name="compares",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comparing_jobs",
                to="transcripts.transcript",
            ),
        ),
        migrations.CreateModel(
            name="Comparison",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("segments", models.JSONField(default=list)),
                ("word_count", models.PositiveIntegerField(default=0)),
                ("language", models.CharField(blank=True, max_length=35)),
                (
                    "language_source",
                    models.CharField(
                        blank=True,
                        choices=[("chosen", "Chosen"), ("detected", "Detected"), ("assumed", "Assumed")],
                        max_length=10,
                    ),
                ),
                ("language_probability", models.FloatField(blank=True, null=True)),
                ("has_estimated_speakers", models.BooleanField(default=False)),
                ("has_tracks", models.BooleanField(default=False)),
                ("provider", models.CharField(max_length=80)),
                ("engine", models.CharField(blank=True, max_length=120)),
                ("is_draft_engine", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comparison",
                        to="transcripts.processingjob",
                    ),
                ),
                (
                    "transcript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comparisons",
                        to="transcripts.transcript",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-created_at"], name="newest_comparisons")],
            },
        ),
    ]
