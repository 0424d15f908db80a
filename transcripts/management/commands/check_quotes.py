"""The quotations of an article, held against the archive in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.first_administrator import first_administrator
from accounts.models import User
from transcripts.formats.readers import Unreadable, articles
from transcripts.selectors.quotes.check import check
from transcripts.templatetags.verbatim import clock

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from transcripts.selectors.quotes.check import Checked

BAD_INPUT = 2
VERDICTS = {"exact": "exact", "differing": "differs", "not_found": "not found"}
MARKS = {"same": "{}", "quoted": "[-{}-]", "said": "{{+{}+}}"}


class Command(BaseCommand):
    """Prints each quotation with who said it, when, and a link; exit status 1 if one differs or is not found."""

    help = "Check the quotations of ARTICLE (DOCX or text) against the transcripts that a user can read."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("article", type=Path)
        parser.add_argument(
            "--user", default="", metavar="EMAIL", help="the user who reads; default: the first administrator"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, print, and say by the exit status whether all are exact."""
        report = check(_text(options["article"]), _person(options["user"]))
        for one in report.checked:
            self.stdout.write(_shown(one))
        counts = report.counts
        self.stdout.write(
            f"{len(report.checked)} quotations: {counts['exact']} exact, {counts['differing']} differing, "
            f"{counts['not_found']} not found; {report.short + report.left_out} not checked"
        )
        if counts["differing"] or counts["not_found"]:
            raise SystemExit(1)


def _shown(one: Checked) -> str:
    said = " ".join(MARKS[piece.kind].format(piece.text) for piece in one.pieces) or one.quote.text
    lines = [f"{VERDICTS[one.kind]}: {said}"]
    if one.source is not None:
        transcript, at_ms = one.source.transcript, one.source.at_ms
        base = (settings.PUBLIC_URL or f"http://localhost:{settings.PORT}").rstrip("/")
        moment = f"#t={clock(at_ms)}" if at_ms is not None else ""
        who = ", ".join((*one.source.speakers, transcript.recording.title))
        lines.append(f"  {who}: {base}{transcript.get_absolute_url()}{moment}")
    return "\n".join(lines) + "\n"


def _text(path: Path) -> str:
    try:
        return articles.read(path.read_bytes())
    except (OSError, Unreadable) as error:
        raise CommandError(f"{path}: {error}", returncode=BAD_INPUT) from error


def _person(email: str) -> User:
    person = User.objects.filter(email=email.lower()).first() if email else first_administrator()
    if person is None:
        raise CommandError("There is no such user. Name one with --user EMAIL.", returncode=BAD_INPUT)
    return person
