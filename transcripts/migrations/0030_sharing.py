"""Recordings shared with people and teams, and links that show less or more."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import transcripts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_mail"),
        ("transcripts", "0029_comment_parts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[("view", "View"), ("comment", "Comment"), ("edit", "Edit")],
                        default="view",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(default=transcripts.clock.now)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ShareOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guest_name", models.CharField(blank=True, max_length=120)),
                ("browser", models.CharField(blank=True, max_length=120)),
                ("opened_at", models.DateTimeField(default=transcripts.clock.now)),
            ],
        ),
        migrations.AddField(
            model_name="share",
            name="allows_audio",
            field=models.BooleanField(db_default=False, default=False, verbose_name="audio download"),
        ),
        migrations.AddField(
            model_name="share",
            name="allows_text",
            field=models.BooleanField(db_default=False, default=False, verbose_name="text downloads"),
        ),
        migrations.AddField(
            model_name="share",
            name="from_ms",
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="share",
            name="is_approved_only",
            field=models.BooleanField(db_default=False, default=False, verbose_name="always the approved version"),
        ),
        migrations.AddField(
            model_name="share",
            name="label",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="share",
            name="opens_text",
            field=models.BooleanField(db_default=False, default=False, verbose_name="the transcript after the session"),
        ),
        migrations.AddField(
            model_name="share",
            name="shows_initials",
            field=models.BooleanField(db_default=False, default=False, verbose_name="initials of speakers"),
        ),
        migrations.AddField(
            model_name="share",
            name="until_ms",
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("from_ms", None), ("until_ms", None)),
                    models.Q(
                        ("from_ms__isnull", False), ("until_ms__gt", models.F("from_ms")), ("until_ms__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="share_stretch",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "edit"), _negated=True),
                    models.Q(
                        ("from_ms", None), ("is_approved_only", False), ("shows_initials", False), ("until_ms", None)
                    ),
                    _connector="OR",
                ),
                name="share_edits_as_it_is",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "comment"), _negated=True), ("is_approved_only", False), _connector="OR"
                ),
                name="share_comments_on_newest",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="recording",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="transcripts.recording"
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to="accounts.team",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="shareopening",
            name="share",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="transcripts.share"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["view", "comment", "edit"])), name="grant_known_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("team__isnull", False), ("user", None)),
                    models.Q(("team", None), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="grant_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)), fields=("recording", "user"), name="one_grant_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)), fields=("recording", "team"), name="one_grant_a_team"
            ),
        ),
        migrations.AddIndex(
            model_name="shareopening",
            index=models.Index(fields=["share", "-opened_at"], name="openings_of_a_link"),
        ),
    ]
