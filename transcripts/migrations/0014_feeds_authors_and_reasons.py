"""The feed belongs to the transcript, guests can be authors, and what code reads has columns of its own."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_approve_existing_teams"),
        ("transcripts", "0013_languages_and_speakers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField(
            model_name="conflict",
            old_name="resolved_by",
            new_name="author",
        ),
        migrations.AlterField(
            model_name="conflict",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RenameField(
            model_name="processingjob",
            old_name="improves",
            new_name="base_transcript",
        ),
        migrations.AlterField(
            model_name="processingjob",
            name="base_transcript",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="retranscriptions",
                to="transcripts.transcript",
            ),
        ),
        migrations.CreateModel(
            name="PurgedRecording",
            fields=[
                ("recording_id", models.UUIDField(primary_key=True, serialize=False)),
                ("purged_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="livesession",
            name="live_known_status",
        ),
        migrations.RemoveConstraint(
            model_name="share",
            name="share_known_level",
        ),
        migrations.RemoveConstraint(
            model_name="upload",
            name="upload_known_status",
        ),
        migrations.RemoveIndex(
            model_name="livesession",
            name="taken_places",
        ),
        migrations.RenameField(
            model_name="livesession",
            old_name="place_until",
            new_name="slot_until",
        ),
        migrations.AddField(
            model_name="activity",
            name="guest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="transcripts.share",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="guest_name",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="conflict",
            name="guest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="transcripts.share",
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="guest_name",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="livesession",
            name="ended_after_minutes",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="livesession",
            name="ended_because",
            field=models.CharField(
                blank=True,
                choices=[("silence", "Silence"), ("away", "No page connected"), ("minutes", "Live minutes used")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="marker",
            name="guest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="transcripts.share",
            ),
        ),
        migrations.AddField(
            model_name="marker",
            name="guest_name",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="revision",
            name="guest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="transcripts.share",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="guest_name",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="transcript",
            name="changes",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="livesession",
            name="status",
            field=models.CharField(
                choices=[
                    ("starting", "Starting"),
                    ("live", "Live"),
                    ("finishing", "Finishing"),
                    ("finished", "Finished"),
                    ("abandoned", "Abandoned"),
                ],
                default="starting",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="marker",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="marker",
            name="kind",
            field=models.CharField(
                choices=[("mark", "Marked"), ("break", "Continued after a break")], default="mark", max_length=6
            ),
        ),
        migrations.AlterField(
            model_name="revision",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="share",
            name="level",
            field=models.CharField(
                choices=[
                    ("captions", "Read live captions"),
                    ("view", "View"),
                    ("comment", "Comment"),
                    ("edit", "Edit"),
                ],
                default="captions",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="upload",
            name="status",
            field=models.CharField(
                choices=[("receiving", "Receiving"), ("complete", "Complete"), ("abandoned", "Abandoned")],
                default="receiving",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="livesession",
            index=models.Index(
                condition=models.Q(("slot_until__isnull", False)), fields=["account", "slot_until"], name="taken_slots"
            ),
        ),
        migrations.AddConstraint(
            model_name="livesession",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["starting", "live", "finishing", "finished", "abandoned"])),
                name="live_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["captions", "view", "comment", "edit"])), name="share_known_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["receiving", "complete", "abandoned"])), name="upload_known_status"
            ),
        ),
    ]
