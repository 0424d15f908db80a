"""Gives everyone the one row that sign-in looks their address up in, and removes claims to other addresses."""

from typing import Any

from django.db import migrations
from django.db.models.functions import Lower

BATCH = 500


def fill(apps: Any, schema_editor: Any) -> None:
    User = apps.get_model("accounts", "User")
    EmailAddress = apps.get_model("account", "EmailAddress")
    # An address that is not its person's own would still sign in, or keep another person from verifying theirs
    EmailAddress.objects.exclude(email=Lower("user__email")).delete()
    # Everyone who could sign in before can afterwards: their address counts as verified
    EmailAddress.objects.update(primary=True, verified=True)
    missing = User.objects.exclude(pk__in=EmailAddress.objects.values("user"))
    rows = [
        EmailAddress(user=user, email=user.email.lower(), primary=True, verified=True) for user in missing.iterator()
    ]
    EmailAddress.objects.bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_live_minutes"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
