"""From a file to a transcript, in a terminal, through the running instance."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connection

from accounts.first_administrator import first_administrator
from accounts.models import User
from transcripts import access, formats
from transcripts.formats import readers
from transcripts.management.terminal import ProgressBar
from transcripts.models import ProcessingJob, Transcript
from transcripts.models.choices import JobStatus, Stage
from transcripts.services import notices
from transcripts.services.errors import Refused
from transcripts.services.operations import conductor
from transcripts.services.provider_accounts import accounts, wishes
from transcripts.services.recordings import parts, uploads
from transcripts.services.transcript import exports, language
from transcripts.services.transcript.imports import files as imported_files

if TYPE_CHECKING:
    from uuid import UUID

    from django.core.management.base import CommandParser

PART_BYTES = 8 * 1024 * 1024
LOOK_EVERY_S = 0.3
JOB_FAILED, BAD_INPUT = 1, 2

STOPPED = (
    "The instance has stopped. The file is safe; transcription continues when it runs again (Ctrl-C to stop waiting)"
)
UNREACHABLE = (
    "The database does not answer. The file is safe; transcription continues when it is back (Ctrl-C to stop waiting)"
)
DOUBT = "The language was detected as “{language}” with {sure} certainty. If that is wrong, set it with --language."
START_ONE = (
    "No running instance uses DATA_DIR={data_dir}. Start one with `make run`, or set DATA_DIR (and DATABASE_URL, "
    "REDIS_URL, if set) to those of the running instance."
)


class Command(BaseCommand):
    """Sends a file through the same pipeline as the pages do, waits, and prints the transcript.

    It waits on the database, so a restart of anything does not end it. Exit status 0; 1 for a failed job; 2 for bad
    input or no running instance.
    """

    help = "Transcribe FILE with the running instance and print the transcript."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--language", default="", help="BCP-47 tag such as en; default: detected")
        parser.add_argument(
            "--speakers", default="", metavar="N", help="number of speakers, 1 to 20; default: detected"
        )
        parser.add_argument(
            "--transcript",
            type=Path,
            default=None,
            metavar="FILE",
            help="a transcript that exists already (SRT, VTT, JSON, DOCX, TXT): it is imported, and not transcribed",
        )
        parser.add_argument("--format", default="txt", choices=sorted(formats.FORMATS))
        parser.add_argument(
            "--option",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="of the format: times=no for txt",
        )
        parser.add_argument("--team", default="", metavar="SLUG", help="the team that will own the recording")
        parser.add_argument(
            "--user", default="", metavar="EMAIL", help="the user to upload as; default: the first administrator"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Transcribe one file."""
        bar = ProgressBar()
        path: Path = options["file"]
        try:
            export_options = _export_options(options["format"], options["option"])
            length = _length_of(path)
            words = _transcript_of(options["transcript"])
            _require_instance()
            recording_id = _send(path, length, bar, options, words)
            job = _wait(recording_id, bar)
        except KeyboardInterrupt:
            bar.done()
            raise CommandError(
                "Stopped waiting. The transcription continues; find it in the library.", returncode=130
            ) from None
        finally:
            bar.done()
        if job.status != JobStatus.SUCCEEDED:
            reason = job.error_message or "The job was cancelled."
            raise CommandError(reason, returncode=JOB_FAILED)
        transcript = Transcript.objects.select_related("recording").get(job=job)
        for message in notices.messages(transcript.recording):
            self.stderr.write(message)
        if language.is_doubtful(transcript):
            sure = f"{transcript.language_probability:.0%}"
            self.stderr.write(DOUBT.format(language=transcript.language, sure=sure))
        self._write(exports.export(transcript, options["format"], export_options).content)

    def _write(self, content: bytes) -> None:
        """Print a file's content as it is: not every format is text."""
        self.stdout.flush()
        binary = getattr(self.stdout, "buffer", None)
        if binary is None:
            self.stdout.write(content.decode(), ending="")
        else:
            binary.write(content)
            binary.flush()


def _refuse(sentence: str) -> NoReturn:
    raise CommandError(sentence, returncode=BAD_INPUT)


def _export_options(format: str, given: list[str]) -> dict[str, str]:
    """Read NAME=VALUE pairs, and refuse what the format doesn't have before anything is sent."""
    options = dict(pair.partition("=")[::2] for pair in given)
    try:
        exports.check_options(format, options)
    except Refused as error:
        _refuse(str(error))
    return options


def _length_of(path: Path) -> int:
    if not path.is_file():
        _refuse(f"File not found: {path}.")
    try:
        with path.open("rb"):
            return path.stat().st_size
    except OSError as error:
        _refuse(f"Can’t read {path}: {error.strerror}.")


def _transcript_of(path: Path | None) -> bytes | None:
    """Read a transcript to import, and refuse what is none before anything is sent."""
    if path is None:
        return None
    if _length_of(path) > readers.MOST_BYTES:
        _refuse(f"{path} is larger than 8 MB. A transcript is smaller.")
    content = path.read_bytes()
    try:
        imported_files.read(content)
    except Refused as error:
        _refuse(f"{path}: {error}")
    return content


def _require_instance() -> None:
    try:
        running = conductor.is_running()
    except DatabaseError:
        running = False
    if not running:
        _refuse(START_ONE.format(data_dir=settings.DATA_DIR))


def _person(email: str) -> User:
    person = User.objects.filter(email=email.lower()).first() if email else first_administrator()
    if person is None:
        _refuse(
            f"No user has the e-mail address {email}."
            if email
            else "No one has an account yet: open the web page to create the first administrator, or set ADMIN_EMAIL."
        )
    return person


def _send(path: Path, length: int, bar: ProgressBar, options: dict[str, Any], words: bytes | None) -> UUID:
    """Bring the file in as an upload, in parts, with the transcript that belongs to it."""
    person = _person(options["user"])
    try:
        team = access.get_upload_team(person, options["team"])
        # A terminal waits for the transcript, so without a provider nothing is brought in; an import needs no key.
        account = accounts.current()
        if words is None:
            accounts.with_key(account)
        upload = uploads.create(
            owner=person,
            team=team,
            filename=path.name,
            length=length,
            language=options["language"],
            wishes=wishes.read({"speakers": options["speakers"]}, wishes.of_team(team.pk)),
            transcript=_stored(options["transcript"], words, person),
        )
        with path.open("rb") as file:
            while upload.recording_id is None:
                bar.show("Uploading", upload.offset * 100 // length)
                upload = parts.append(upload, file, offset=upload.offset, size=min(PART_BYTES, length - upload.offset))
    except (access.NotFound, access.NotAllowed):
        _refuse(f"{person} can’t upload to the team “{options['team']}”.")
    except Refused as error:
        _refuse(str(error))
    return upload.recording_id


def _stored(path: Path | None, content: bytes | None, person: User) -> UUID | None:
    if path is None or content is None:
        return None
    return imported_files.store(uploads.clean_filename(path.name), content, actor=person).pk


def _wait(recording_id: UUID, bar: ProgressBar) -> ProcessingJob:
    """Watch the job to its end; an instance or a database that is away is waited for, and said to be away."""
    while True:
        try:
            job = ProcessingJob.objects.filter(recording_id=recording_id).latest("created_at")
            if not job.is_active:
                return job
            if conductor.is_working():
                bar.show(Stage(job.stage).label, job.progress)
            else:
                bar.show(STOPPED)
        except OperationalError:
            bar.show(UNREACHABLE)
            connection.close()
        time.sleep(LOOK_EVERY_S)
