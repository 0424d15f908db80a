"""Create what a new instance needs besides its tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.first_administrator import create_first_administrator, has_accounts


class Command(BaseCommand):
    """Creates the first administrator from ADMIN_EMAIL and ADMIN_PASSWORD if no one has an account yet."""

    help = "Create the first administrator named by ADMIN_EMAIL and ADMIN_PASSWORD, once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do nothing if an account exists or nothing is set."""
        email, password = settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD
        if has_accounts() or not (email or password):
            return
        if not (email and password):
            raise CommandError("Set both ADMIN_EMAIL and ADMIN_PASSWORD, or neither.")
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"ADMIN_EMAIL is “{email}”, which isn't an e-mail address.") from None
        create_first_administrator(email=email, password=password)
        self.stdout.write(f"Created the first administrator: {email}")
