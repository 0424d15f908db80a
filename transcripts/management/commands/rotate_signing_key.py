"""Lets a new key sign certificates."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from transcripts.services.transcript.certificates import keys


class Command(BaseCommand):
    """Makes a new signing key. What the earlier ones signed stays valid."""

    help = "Sign certificates with a new key from now on. What the earlier keys signed stays valid."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate and print the new public key."""
        key = keys.rotate().public
        self.stdout.write(f"New key:     {key.raw.hex()}\nFingerprint: {key.fingerprint}")
