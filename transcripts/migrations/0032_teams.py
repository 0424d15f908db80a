"""What a team wants for its new recordings, and how long it keeps recordings."""

import django.db.models.deletion
from django.db import migrations, models

import transcripts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_teams"),
        ("transcripts", "0031_document_template"),
    ]

    operations = [
        migrations.AddField(
            model_name="recording",
            name="is_held",
            field=models.BooleanField(db_default=False, default=False, verbose_name="kept whatever its age"),
        ),
        migrations.CreateModel(
            name="TeamDefaults",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        blank=True, help_text="BCP-47 tag; empty lets the provider decide.", max_length=35
                    ),
                ),
                ("retention_days", models.PositiveIntegerField(default=0)),
                ("retention_since", models.DateTimeField(default=transcripts.clock.now)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="transcripts.provideraccount",
                    ),
                ),
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="defaults", to="accounts.team"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "team defaults",
                "indexes": [
                    models.Index(condition=models.Q(("retention_days__gt", 0)), fields=["team"], name="team_retention")
                ],
            },
        ),
    ]
