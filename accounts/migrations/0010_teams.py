"""Invitations to teams, and who was removed from one."""

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

INVITED_ROLES = ["admin", "editor", "commenter", "viewer"]


def free_the_address_of_the_page(apps: Any, schema_editor: Any) -> None:
    """Give a team whose address is now that of a page the next free one."""
    teams = apps.get_model("accounts", "Team").objects
    taken = set(teams.filter(slug__startswith="new").values_list("slug", flat=True))
    free = next(slug for number in range(2, len(taken) + 3) if (slug := f"new-{number}") not in taken)
    teams.filter(slug="new").update(slug=free)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_mail"),
    ]

    operations = [
        migrations.RunPython(free_the_address_of_the_page, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(choices=[(role, role.capitalize()) for role in INVITED_ROLES], max_length=10),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("label", models.CharField(blank=True, max_length=120)),
                ("domain", models.CharField(blank=True, max_length=253)),
                (
                    "places",
                    models.PositiveIntegerField(
                        blank=True, help_text="How many can join; empty for any number.", null=True
                    ),
                ),
                ("token", models.CharField(editable=False, max_length=64, unique=True)),
                ("mail_token", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="accounts.team"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", INVITED_ROLES)), name="invitation_known_role"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InvitationUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="accounts.invitation"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("invitation", "user"), name="one_use_a_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Removal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="removals", to="accounts.team"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("team", "user"), name="one_removal_a_team"),
                ],
            },
        ),
    ]
