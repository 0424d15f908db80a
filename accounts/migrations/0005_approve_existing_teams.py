"""Approves the teams that exist: the limits of new teams are for those that come after."""

from typing import Any

from django.db import migrations


def approve(apps: Any, schema_editor: Any) -> None:
    apps.get_model("accounts", "Team").objects.update(is_approved=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_team_limits")]

    operations = [migrations.RunPython(approve, migrations.RunPython.noop)]
