"""Makes the search index again, or checks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from transcripts.services.search import building

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Builds a new index beside the present one, which is searched until the new one is whole."""

    help = "Rebuild the search index. Searches and edits continue; if it is interrupted, the present index stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the one option."""
        parser.add_argument("--check", action="store_true", help="Say whether the index is whole, and change nothing.")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        """Rebuild unless only a check is wanted, then check."""
        if not check:
            building.rebuild(self._tell)
        if faults := building.faults():
            raise CommandError("\n".join([*faults, "Run rebuild_search to make the index again."]))
        self.stdout.write("The search index is whole.")

    def _tell(self, stage: str, percent: int) -> None:
        self.stdout.write(f"{stage}: {percent} %")
