"""What a new instance needs beside its tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.founding import found, is_founded


class Command(BaseCommand):
    """Makes the first administrator of ADMIN_EMAIL and ADMIN_PASSWORD where nobody has an account yet."""

    help = "Make the first administrator named by ADMIN_EMAIL and ADMIN_PASSWORD, once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do nothing where somebody exists or nothing is set."""
        email, password = settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD
        if is_founded() or not (email or password):
            return
        if not (email and password):
            raise CommandError("Set both ADMIN_EMAIL and ADMIN_PASSWORD, or neither.")
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"ADMIN_EMAIL is “{email}”, which is no e-mail address.") from None
        found(email=email, password=password)
        self.stdout.write(f"Made the first administrator: {email}")
