"""Checks a certified transcript in a terminal, without a network and, with `--key`, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from transcripts import certificates
from transcripts.certificates import NotACertificate, PublicKey, Sum
from transcripts.services.transcript.certificates import keys

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from transcripts.certificates import Rewritten, Verdict

INVALID, BAD_INPUT = 1, 2


class Command(BaseCommand):
    """Says whether a certificate is valid, what it certifies and which words people changed."""

    help = "Check the certificate of a transcript. Exit status: 0 valid, 1 not valid, 2 not a certificate."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the recording and the keys."""
        parser.add_argument("file", type=Path, help="the certificate, a ZIP file")
        parser.add_argument(
            "--media", type=Path, help="the recording, to check that it is the one that was transcribed"
        )
        parser.add_argument(
            "--key",
            action="append",
            type=_key,
            help="a public key to trust, 64 hexadecimal digits; without it those of this instance",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and print."""
        trusted = options["key"] or [one.key for one in keys.known()]
        try:
            media = Sum.of_file(options["media"]) if options["media"] else None
            with options["file"].open("rb") as file:
                verdict = certificates.verify(file, trusted, media=media)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=BAD_INPUT) from error
        except NotACertificate as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        self._print(verdict, has_media=media is not None)
        if not verdict.is_valid:
            raise CommandError("This certificate is not valid.", returncode=INVALID)

    def _print(self, verdict: Verdict, *, has_media: bool) -> None:
        said = verdict.manifest
        compared = "" if has_media else " (not compared: --media)"
        facts = {
            "Transcript": said.title,
            "Approved": f"{said.approved_at} by {said.approved_by}",
            "Recording": f"{said.media_name}, SHA-256 {said.media.sha256}{compared}",
            "Signed": f"{said.issued_at} by {said.issuer}",
            "Key": verdict.key.raw.hex(),
        }
        for name, value in facts.items():
            self.stdout.write(f"{name + ':':12} {value}")
        self.stdout.write(f"\nChanges by people after the machine: {len(said.rewritten)}")
        for one in said.rewritten:
            self.stdout.write(f"  {_clock(one.start_ms)}  {_change(one)}")
        self.stdout.write("")
        for fault in verdict.faults:
            self.stderr.write(fault)
        if verdict.is_valid:
            self.stdout.write(self.style.SUCCESS("This certificate is valid."))


def _key(text: str) -> PublicKey:
    return PublicKey(bytes.fromhex(text))


def _change(one: Rewritten) -> str:
    return f"“{one.machine}” → “{one.text}”  ({', '.join(one.people)}, {one.at})"


def _clock(ms: int) -> str:
    seconds = ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
