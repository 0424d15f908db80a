"""What people are told of."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import transcripts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0034_account_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ready", "My transcript is ready"),
                            ("failed", "A recording of mine failed"),
                            ("mentioned", "Someone mentions me in a comment"),
                            ("assigned", "Someone assigns me a review"),
                            ("shared", "Someone shares a recording with me"),
                            ("approved", "A transcript of mine is approved"),
                        ],
                        max_length=10,
                    ),
                ),
                ("actor_name", models.CharField(blank=True, max_length=150)),
                ("is_shown", models.BooleanField(default=True)),
                ("digest", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=transcripts.clock.now)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "recording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="transcripts.recording"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_shown", True)), fields=["user", "-id"], name="notifications_of_a_person"
                    ),
                    models.Index(
                        condition=models.Q(("digest", True)), fields=["created_at"], name="waiting_for_a_digest"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["ready", "failed", "mentioned", "assigned", "shared", "approved"])
                        ),
                        name="notification_known_kind",
                    )
                ],
            },
        ),
    ]
