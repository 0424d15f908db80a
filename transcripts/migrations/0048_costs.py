"""What uploads and sessions cost, what teams can spend, and the notifications of that."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import transcripts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_own_account"),
        ("transcripts", "0047_request_ids"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="In the currency of this instance (CURRENCY).",
                        max_digits=12,
                        verbose_name="amount a month",
                    ),
                ),
                ("warned_percent", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("warned_month", models.DateField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("team_name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(choices=[("recording", "Recording"), ("live", "Live session")], max_length=10),
                ),
                ("audio_ms", models.PositiveBigIntegerField()),
                ("micros", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField(default=transcripts.clock.now)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="notification",
            name="notification_known_kind",
        ),
        migrations.RemoveConstraint(
            model_name="notification",
            name="notification_of_one",
        ),
        migrations.AddField(
            model_name="notification",
            name="team",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.team"
            ),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="live_price_a_minute",
            field=models.DecimalField(db_default=Decimal("0"), decimal_places=6, default=Decimal("0"), max_digits=10),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="price_a_minute",
            field=models.DecimalField(db_default=Decimal("0"), decimal_places=6, default=Decimal("0"), max_digits=10),
        ),
        migrations.AddField(
            model_name="step",
            name="patient_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="step",
            name="waits_for",
            field=models.CharField(
                blank=True, choices=[("budget", "The budget of the team")], db_default="", default="", max_length=10
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ready", "My transcript is ready"),
                    ("failed", "A recording of mine failed"),
                    ("mentioned", "Someone mentions me in a comment"),
                    ("assigned", "Someone assigns me a review"),
                    ("shared", "Someone shares a recording with me"),
                    ("approved", "A transcript of mine is approved"),
                    ("near", "A team of mine has spent 80 % of its budget"),
                    ("used", "A team of mine has spent its budget"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["ready", "failed", "mentioned", "assigned", "shared", "approved", "near", "used"])
                ),
                name="notification_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("folder__isnull", False), ("recording", None), ("team", None)),
                    models.Q(("folder", None), ("recording__isnull", False), ("team", None)),
                    models.Q(("folder", None), ("recording", None), ("team__isnull", False)),
                    _connector="OR",
                ),
                name="notification_of_one",
            ),
        ),
        migrations.AddField(
            model_name="budget",
            name="team",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="budget", to="accounts.team"
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="transcripts.provideraccount"
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="call",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="charge",
                to="transcripts.providercall",
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="session",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="charge",
                to="transcripts.livesession",
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="team",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="charges", to="accounts.team"
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="budget_is_no_debt"),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(fields=["team", "at"], name="charges_of_a_team"),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(fields=["at"], name="charges_in_order"),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["recording", "live"])), name="charge_known_kind"
            ),
        ),
    ]
