"""The options of `transcribe`, and what they ask for. Bad input is refused before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError

from accounts.first_administrator import first_administrator
from accounts.models import User
from transcripts import access, formats
from transcripts.management.transcribe.words import START_ONE
from transcripts.services.errors import Refused
from transcripts.services.library import tags
from transcripts.services.operations import conductor
from transcripts.services.provider_accounts import accounts, selection, wishes
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.management.base import CommandParser

    from accounts.models import Team
    from transcripts.providers.capabilities import Wishes

BAD_INPUT = 2


@dataclass(frozen=True, slots=True)
class Order:
    """What one command asks for all of its files: in whose name, for which team, and how.

    `folder` is one of the team's, None for none. With `is_again`, files that the team has already are sent again.
    """

    person: User
    team: Team
    language: str
    wishes: Wishes
    folder: int | None
    tags: tuple[str, ...]
    is_again: bool = False


def declare(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    _declare_results(parser)
    parser.add_argument("--language", default="", help="BCP-47 tag such as en; default: detected")
    for name, meaning in wishes.READ.items():
        only = {"choices": sorted(wishes.ANSWERS, reverse=True)} if name in wishes.FLAGS else {"metavar": "…"}
        parser.add_argument(f"--{name.replace('_', '-')}", help=f"{meaning}; default: that of the team", **only)
    parser.add_argument(
        "--transcript",
        type=Path,
        default=None,
        metavar="FILE",
        help="a transcript that exists already (SRT, VTT, JSON, DOCX, TXT): it is imported, and not transcribed",
    )
    parser.add_argument("--team", default="", metavar="SLUG", help="the team that will own the recordings")
    parser.add_argument("--folder", default="", metavar="NAME", help="the team’s folder that they are put in")
    parser.add_argument("--tag", action="append", default=[], metavar="NAME", help="a tag for them; can be repeated")
    parser.add_argument(
        "--user", default="", metavar="EMAIL", help="the user to upload as; default: the first administrator"
    )


def _declare_results(parser: CommandParser) -> None:
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where transcripts are written, as NAME.FORMAT")
    parser.add_argument(
        "--watch", type=Path, metavar="FOLDER", help="transcribe the files that come into this folder, until stopped"
    )
    parser.add_argument(
        "--format", action="append", choices=sorted(formats.FORMATS), help="can be repeated with --out; default: txt"
    )
    parser.add_argument(
        "--option", action="append", default=[], metavar="NAME=VALUE", help="of the format: times=no for txt"
    )
    parser.add_argument("--again", action="store_true", help="send files that the team has already as well")
    parser.add_argument("--overwrite", action="store_true", help="write over whatever is in the folder of --out")


def refuse(sentence: str) -> NoReturn:
    """End the command because of bad input."""
    raise CommandError(sentence, returncode=BAD_INPUT)


def length_of(path: Path) -> int:
    """Return how long a file is that can be read."""
    if path.is_dir():
        refuse(f"{path} is a folder. Name its files, or transcribe what comes into it with --watch {path}.")
    if not path.is_file():
        refuse(f"File not found: {path}.")
    try:
        with path.open("rb"):
            return path.stat().st_size
    except OSError as error:
        refuse(f"Can’t read {path}: {error.strerror}.")


def export_options(names: list[str], given: list[str]) -> dict[str, dict[str, str]]:
    """Read NAME=VALUE pairs for each format; with several, a pair is for those that have such an option."""
    pairs = dict(pair.partition("=")[::2] for pair in given)
    known = {name: formats.FORMATS[name].described for name in names}
    if len(names) == 1:
        options = {names[0]: pairs}
    else:
        options = {name: {key: pairs[key] for key in pairs if key in known[name]} for name in names}
    options[names[0]] |= {key: pairs[key] for key in pairs if not any(key in one for one in known.values())}
    try:
        for name, chosen in options.items():
            exports.check_options(name, chosen)
    except Refused as error:
        refuse(str(error))
    return options


def require_instance() -> None:
    """Refuse to begin if nothing works on what is sent."""
    try:
        running = conductor.is_running()
    except DatabaseError:
        running = False
    if not running:
        refuse(START_ONE.format(data_dir=settings.DATA_DIR))


def order_of(options: Mapping[str, Any], *, needs_provider: bool = True) -> Order:
    """Return what is asked for all files."""
    person = _person(options["user"])
    try:
        team = access.get_upload_team(person, options["team"])
        # A terminal waits for the transcript, so without a provider nothing is brought in; an import needs no key.
        account = selection.for_team(team.pk)
        if needs_provider:
            accounts.with_key(account)
        said = {name: options[name] for name in wishes.READ if options[name] is not None}
        return Order(
            person=person,
            team=team,
            language=selection.language_for(team.pk, options["language"]),
            wishes=wishes.for_upload(team.pk, said | {"language": options["language"]}),
            folder=_folder(team, options["folder"]),
            tags=tuple(_tags(options["tag"])),
            is_again=options["again"],
        )
    except (access.NotFound, access.NotAllowed):
        refuse(f"{person} can’t upload to the team “{options['team']}”.")
    except Refused as error:
        refuse(str(error))


def _person(email: str) -> User:
    person = User.objects.filter(email=email.lower()).first() if email else first_administrator()
    if person is None:
        refuse(
            f"No user has the e-mail address {email}."
            if email
            else "No one has an account yet: open the web page to create the first administrator, or set ADMIN_EMAIL."
        )
    return person


def _folder(team: Team, name: str) -> int | None:
    if not name:
        return None
    folders = {folder.name.lower(): folder.pk for folder in team.folders.all()}
    if name.lower() not in folders:
        refuse(f"{team} has no folder “{name}”. Create it in the library first.")
    return folders[name.lower()]


def _tags(given: list[str]) -> list[str]:
    names = tags.names_in(",".join(given))
    if len(names) > tags.MOST_TAGS:
        refuse(f"A recording can have {tags.MOST_TAGS} tags.")
    return names
