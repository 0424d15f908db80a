"""Routes of work to accounts, where providers are, and teams that keep their audio on the instance."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_own_account"),
        ("transcripts", "0060_reused_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="processingjob",
            name="is_account_chosen",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="processingjob",
            name="moved_because",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="place",
            field=models.CharField(
                blank=True,
                choices=[("", "As its address says"), ("inside", "On this instance"), ("outside", "Outside")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="teamdefaults",
            name="keeps_audio",
            field=models.BooleanField(db_default=False, default=False),
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
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Route",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(blank=True, max_length=35)),
                (
                    "media",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Any"),
                            ("audio", "Audio files"),
                            ("video", "Video files"),
                            ("live", "Live speech"),
                        ],
                        max_length=10,
                    ),
                ),
                ("order", models.PositiveIntegerField(default=0)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="routes",
                        to="transcripts.provideraccount",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="routes",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("team__isnull", False)),
                        fields=("team", "language", "media", "account"),
                        name="one_route_of_a_team",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("team__isnull", True)),
                        fields=("language", "media", "account"),
                        name="one_route_of_the_instance",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("media__in", ["", "audio", "video", "live"])), name="route_known_media"
                    ),
                ],
            },
        ),
    ]
