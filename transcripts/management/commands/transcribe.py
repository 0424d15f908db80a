"""From files to transcripts, in a terminal, through the running instance."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from transcripts.management.transcribe import arguments, one_file
from transcripts.management.transcribe.items import Item, State
from transcripts.management.transcribe.many import Run
from transcripts.management.transcribe.results import Results, make_folder
from transcripts.management.transcribe.showing import Progress, counted, table_of
from transcripts.management.transcribe.watching import Watch

if TYPE_CHECKING:
    from pathlib import Path

    from django.core.management.base import CommandParser

SOME_FAILED, STOPPED = 1, 130


class Command(BaseCommand):
    """Sends files through the same pipeline as the pages do, waits, and prints or writes the transcripts.

    It waits on the database, so a restart of anything does not end it. Exit status 0; 1 if a file could not be
    transcribed; 2 for bad input or no running instance, and then nothing was sent.
    """

    help = "Transcribe files with the running instance: print the transcript of FILE, or write those of many to --out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        arguments.declare(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Transcribe one file, many, or what comes into a folder."""
        _refuse_combinations(options)
        names = list(dict.fromkeys(options["format"] or ["txt"]))
        options["formats"] = arguments.export_options(names, options["option"])
        if options["watch"]:
            self._watch(options)
        elif options["out"]:
            self._many(options)
        else:
            self._one(options, names[0])

    def _one(self, options: dict[str, Any], format: str) -> None:
        transcript = one_file.transcribe(options["files"][0], options)
        for remark in one_file.remarks(transcript):
            self.stderr.write(remark)
        self._write(one_file.exported(transcript, format, options["formats"][format]))

    def _many(self, options: dict[str, Any]) -> None:
        unique = {path.resolve(): path for path in reversed(options["files"])}
        items = [Item(path, arguments.length_of(path)) for path in reversed(unique.values())]
        arguments.require_instance()
        progress = Progress()
        run = Run(arguments.order_of(options), _results(options), progress.show)
        run.items = items
        try:
            run.until_ended()
        except KeyboardInterrupt:
            progress.done()
            self._stop(items)
        progress.done()
        for line in table_of(items):
            self.stdout.write(line)
        if any(item.state is State.FAILED for item in items):
            raise CommandError(f"{counted(items)}.", returncode=SOME_FAILED)

    def _stop(self, items: list[Item]) -> NoReturn:
        """Say what continues without this terminal."""
        waiting = sum(item.state is State.WAITING for item in items)
        rest = f" {waiting} were not sent." if waiting else ""
        raise CommandError(
            f"Stopped waiting: {counted(items)}. What was sent is transcribed all the same.{rest} "
            "Run the same command again to continue: nothing is sent twice.",
            returncode=STOPPED,
        )

    def _watch(self, options: dict[str, Any]) -> None:
        arguments.require_instance()
        run = Run(arguments.order_of(options), _results(options), lambda _items, _doing: None, retries=False)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self._say(f"Watching {options['watch']}")
        try:
            Watch(options["watch"], run, self._say).forever()
        except KeyboardInterrupt:
            self._say("Stopped watching. What was sent is transcribed all the same.")

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def _write(self, content: bytes) -> None:
        """Print a file's content as it is: not every format is text."""
        self.stdout.flush()
        binary = getattr(self.stdout, "buffer", None)
        if binary is None:
            self.stdout.write(content.decode(), ending="")
        else:
            binary.write(content)
            binary.flush()


def _results(options: dict[str, Any]) -> Results:
    """Return the folder of the results, which is made if it isn't there."""
    folder: Path = options["out"]
    try:
        make_folder(folder)
    except OSError as error:
        arguments.refuse(f"Can’t write to {folder}: {error.strerror}.")
    return Results(folder, options["formats"], overwrites=options["overwrite"])


def _refuse_combinations(options: dict[str, Any]) -> None:
    """Refuse what makes no sense together, before anything is read."""
    files, out, watch = options["files"], options["out"], options["watch"]
    if watch and (files or not out):
        arguments.refuse("--watch takes the files of a folder: give it --out FOLDER, and no FILE.")
    if watch and not watch.is_dir():
        arguments.refuse(f"Folder not found: {watch}.")
    if watch and watch.resolve() == out.resolve():
        arguments.refuse("Results in the folder that is watched would be taken for recordings. Choose another --out.")
    if not watch and not files:
        arguments.refuse("Name a FILE, several with --out FOLDER, or --watch FOLDER with --out FOLDER.")
    if not out and (len(files) > 1 or len(options["format"] or ()) > 1):
        arguments.refuse("Several files or formats can’t be printed. Name a folder for them: --out FOLDER.")
    if out and options["transcript"]:
        arguments.refuse("--transcript belongs to one file, whose transcript is printed. Leave out --out.")
