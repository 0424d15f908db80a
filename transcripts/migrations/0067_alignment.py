"""Words whose times an engine is asked for, and which engines can tell them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0065_comparisons"),
    ]

    operations = [
        migrations.AddField(
            model_name="provideraccount",
            name="aligns",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="processingjob",
            name="stage",
            field=models.CharField(
                choices=[
                    ("preparing", "Preparing"),
                    ("waiting", "Waiting"),
                    ("sending", "Sending"),
                    ("queued", "Queued at the provider"),
                    ("transcribing", "Transcribing"),
                    ("aligning", "Aligning words"),
                    ("assembling", "Assembling"),
                    ("done", "Done"),
                ],
                default="preparing",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="kind",
            field=models.CharField(
                choices=[
                    ("prepare", "Prepare"),
                    ("submit", "Submit"),
                    ("check", "Check"),
                    ("align", "Align"),
                    ("assemble", "Assemble"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="waits_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("budget", "The budget of the team"),
                    ("place", "A provider that the audio may be sent to"),
                    ("answer", "The answer to the same audio"),
                    ("times", "The times of the words"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Alignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=35)),
                ("words", models.JSONField(blank=True, default=list)),
                ("word_count", models.PositiveIntegerField()),
                ("processing_id", models.CharField(blank=True, max_length=200)),
                ("times", models.JSONField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alignments",
                        to="transcripts.provideraccount",
                    ),
                ),
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alignment",
                        to="transcripts.processingjob",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-asked_at"], name="newest_alignments")],
            },
        ),
    ]
