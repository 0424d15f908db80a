"""Review: which segments a person declared right, who approved what, who reviews by when, and claimed stretches."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import transcripts.clock

KINDS = ["edit", "live", "retranscription", "decision", "review", "status"]


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0021_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="segment",
            name="is_reviewed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="transcript",
            name="reviewed_words",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RemoveConstraint(model_name="edit", name="edit_known_kind"),
        migrations.AlterField(
            model_name="edit",
            name="kind",
            field=models.CharField(
                choices=[
                    ("edit", "Edit"),
                    ("live", "Live words"),
                    ("retranscription", "Re-transcription"),
                    ("decision", "Decided conflict"),
                    ("review", "Reviewed segments and accepted words"),
                    ("status", "Status"),
                ],
                default="edit",
                max_length=15,
            ),
        ),
        migrations.AddConstraint(
            model_name="edit",
            constraint=models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="edit_known_kind"),
        ),
        migrations.AddField(
            model_name="transcript",
            name="status_edit",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="transcripts.edit",
            ),
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(blank=True, null=True)),
                ("assigned_at", models.DateTimeField(default=transcripts.clock.now)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "transcript",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignment",
                        to="transcripts.transcript",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claimed_at", models.DateTimeField(default=transcripts.clock.now)),
                ("expires_at", models.DateTimeField()),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="transcripts.segment"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="claims", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "last",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="transcripts.segment"
                    ),
                ),
                (
                    "transcript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="claims", to="transcripts.transcript"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("transcript", "holder"), name="one_claim_a_person"),
                ],
            },
        ),
    ]
