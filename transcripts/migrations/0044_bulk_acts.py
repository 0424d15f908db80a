"""Acts on many recordings, and what became of each."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import transcripts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_own_account"),
        ("transcripts", "0043_upload_folder"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkAct",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("client_id", models.UUIDField()),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("move", "Move to a folder"),
                            ("tag", "Add a tag"),
                            ("untag", "Remove a tag"),
                            ("assign", "Assign"),
                            ("retranscribe", "Transcribe again"),
                            ("delete", "Delete"),
                        ],
                        max_length=20,
                    ),
                ),
                ("parameters", models.JSONField(blank=True, default=dict)),
                ("total", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("undone", "Undone"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("is_undo", models.BooleanField(default=False)),
                ("fence", models.PositiveBigIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("kills", models.PositiveSmallIntegerField(default=0)),
                ("error_message", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(default=transcripts.clock.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("undo_until", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bulk_acts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="bulk_acts",
                        to="accounts.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BulkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=255)),
                ("before", models.JSONField(blank=True, default=dict)),
                ("after", models.JSONField(blank=True, default=dict)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("done", "Done"), ("unchanged", "Was so already"), ("refused", "Refused")],
                        max_length=10,
                    ),
                ),
                (
                    "undo_outcome",
                    models.CharField(
                        blank=True, choices=[("undone", "Undone"), ("kept", "Kept as it is")], max_length=10
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=300)),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="transcripts.bulkact"
                    ),
                ),
                (
                    "recording",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="transcripts.recording",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="bulkact",
            index=models.Index(
                condition=models.Q(("status__in", ("queued", "running"))), fields=["status"], name="open_bulk_acts"
            ),
        ),
        migrations.AddIndex(
            model_name="bulkact",
            index=models.Index(fields=["expires_at"], name="expired_bulk_acts"),
        ),
        migrations.AddConstraint(
            model_name="bulkact",
            constraint=models.UniqueConstraint(fields=("actor", "client_id"), name="bulk_act_once"),
        ),
        migrations.AddConstraint(
            model_name="bulkact",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["queued", "running", "done", "failed", "undone"])),
                name="bulk_act_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "running"), _negated=True), ("lease_until__isnull", False), _connector="OR"
                ),
                name="running_bulk_act_has_lease",
            ),
        ),
        migrations.AddIndex(
            model_name="bulkitem",
            index=models.Index(fields=["act", "outcome", "undo_outcome"], name="bulk_outcomes"),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=models.UniqueConstraint(fields=("act", "recording"), name="bulk_item_once"),
        ),
    ]
