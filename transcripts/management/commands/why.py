"""Says in a terminal why a recording is not done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from transcripts.models import Recording
from transcripts.selectors.operations.why import why

if TYPE_CHECKING:
    from argparse import ArgumentParser

MOST = 10


class Command(BaseCommand):
    """Says what a recording does or waits for, as its page does."""

    help = "Say why a recording is not done, by its id or a part of its title."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the recording."""
        parser.add_argument("recording", help="its id, or a part of its title")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find and print."""
        found = _find(options["recording"])
        if not found:
            raise CommandError("There is no such recording.")
        for recording in found:
            self.stdout.write(f"{recording.title} ({recording.pk})")
            for sentence in why(recording):
                self.stdout.write(f"  {sentence}")


def _find(text: str) -> list[Recording]:
    known = Recording.objects.select_related("latest_job", "latest_transcript", "live_session").order_by("-created_at")
    try:
        return list(known.filter(pk=UUID(text)))
    except ValueError:
        return list(known.filter(title__icontains=text)[:MOST])
