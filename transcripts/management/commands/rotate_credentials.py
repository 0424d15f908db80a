"""Encrypts the keys of providers with the newest master key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from transcripts.services.provider_accounts import credentials


class Command(BaseCommand):
    """Encrypts every key that was entered in the console anew. It can run at any time and again."""

    help = "Encrypt the keys of providers with the first of CREDENTIALS_KEYS; then the others can be removed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate and say how many there are."""
        sealed, unreadable = credentials.seal_anew()
        self.stdout.write(f"Encrypted with the newest master key: {sealed}")
        if unreadable:
            raise CommandError(
                f"{unreadable} can’t be read with today’s CREDENTIALS_KEYS and SECRET_KEY. Add the earlier master key "
                "to CREDENTIALS_KEYS and try again, or enter these keys anew."
            )
