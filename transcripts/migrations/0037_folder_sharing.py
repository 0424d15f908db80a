"""Folders that are shared with people and teams, and links to folders."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_own_account"),
        ("transcripts", "0036_folders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FolderLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("label", models.CharField(blank=True, db_default="", default="", max_length=120)),
                (
                    "level",
                    models.CharField(
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
                ("token", models.CharField(editable=False, max_length=64, unique=True)),
                ("password", models.CharField(blank=True, editable=False, max_length=128)),
                ("allows_text", models.BooleanField(db_default=False, default=False, verbose_name="text downloads")),
                ("allows_audio", models.BooleanField(db_default=False, default=False, verbose_name="audio download")),
                (
                    "shows_initials",
                    models.BooleanField(db_default=False, default=False, verbose_name="initials of speakers"),
                ),
                (
                    "is_approved_only",
                    models.BooleanField(db_default=False, default=False, verbose_name="always the approved version"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="grant",
            name="folder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to="transcripts.folder",
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="folder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="transcripts.folder",
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="recording",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to="transcripts.recording",
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="recording",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="transcripts.recording",
            ),
        ),
        migrations.AlterField(
            model_name="share",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("folder__isnull", False), ("recording", None)),
                    models.Q(("folder", None), ("recording__isnull", False)),
                    _connector="OR",
                ),
                name="grant_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)), fields=("folder", "user"), name="one_folder_grant_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)), fields=("folder", "team"), name="one_folder_grant_a_team"
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("folder__isnull", False), ("recording", None)),
                    models.Q(("folder", None), ("recording__isnull", False)),
                    _connector="OR",
                ),
                name="notification_of_one",
            ),
        ),
        migrations.AddField(
            model_name="folderlink",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="folderlink",
            name="folder",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="links", to="transcripts.folder"
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="folder_link",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shares",
                to="transcripts.folderlink",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(fields=("folder_link", "recording"), name="one_share_a_folder_link"),
        ),
        migrations.AddConstraint(
            model_name="folderlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ("view", "comment", "edit"))), name="folder_link_known_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="folderlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "edit"), _negated=True),
                    models.Q(("is_approved_only", False), ("shows_initials", False)),
                    _connector="OR",
                ),
                name="folder_link_edits_as_it_is",
            ),
        ),
        migrations.AddConstraint(
            model_name="folderlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "comment"), _negated=True), ("is_approved_only", False), _connector="OR"
                ),
                name="folder_link_comments_on_newest",
            ),
        ),
    ]
