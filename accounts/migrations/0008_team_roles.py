"""Members who comment, and teams that ask for a second step at sign-in."""

from django.db import migrations, models

ROLES = ["owner", "admin", "editor", "commenter", "viewer"]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_review_rules"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="membership", name="known_role"),
        migrations.AddField(
            model_name="team",
            name="requires_second_factor",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Members need a passkey or an authenticator app before they can open what the team owns.",
                verbose_name="two-step sign-in required",
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[(role, role.capitalize()) for role in ROLES], default="viewer", max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(condition=models.Q(("role__in", ROLES)), name="known_role"),
        ),
    ]
