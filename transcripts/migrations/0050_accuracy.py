"""The accuracy ledger: approved transcripts measured, by speaker, and the words that were replaced."""

import django.db.models.deletion
from django.db import migrations, models

import transcripts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0049_charge_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="Measurement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("approval", models.PositiveBigIntegerField()),
                ("approved_at", models.DateTimeField()),
                ("words", models.PositiveIntegerField()),
                ("substitutions", models.PositiveIntegerField()),
                ("deletions", models.PositiveIntegerField()),
                ("insertions", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=transcripts.clock.now)),
                (
                    "transcript",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measurement",
                        to="transcripts.transcript",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CorrectedWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was", models.CharField(max_length=80)),
                ("became", models.CharField(max_length=80)),
                ("count", models.PositiveIntegerField()),
                (
                    "measurement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrected",
                        to="transcripts.measurement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SpeakerMeasurement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(blank=True, max_length=120)),
                ("words", models.PositiveIntegerField()),
                ("substitutions", models.PositiveIntegerField()),
                ("deletions", models.PositiveIntegerField()),
                ("insertions", models.PositiveIntegerField()),
                (
                    "measurement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="speakers",
                        to="transcripts.measurement",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="measurement",
            index=models.Index(fields=["approved_at"], name="measured_in_order"),
        ),
        migrations.AddConstraint(
            model_name="correctedword",
            constraint=models.UniqueConstraint(
                fields=("measurement", "was", "became"), name="one_correction_a_transcript"
            ),
        ),
        migrations.AddConstraint(
            model_name="speakermeasurement",
            constraint=models.UniqueConstraint(fields=("measurement", "label"), name="one_measurement_a_speaker"),
        ),
    ]
