"""What is signed: a JSON file that names everything else by its SHA-256."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from transcripts.certificates.container import NotACertificate
from transcripts.certificates.rewritten import Rewritten

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "verbatim-certificate/1"
NEWER = "This certificate was made by a newer version. Check it with that version."
UNREADABLE = "The manifest of this certificate can’t be read."


@dataclass(frozen=True, slots=True)
class Sum:
    """A file by its size in bytes and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> Sum:
        """Return that of a content."""
        return cls(len(content), hashlib.sha256(content).hexdigest())

    @classmethod
    def of_file(cls, path: Path) -> Sum:
        """Return that of a file. Raises OSError."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return cls(file.tell(), digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a certificate says.

    `issued_at` and `approved_at` are moments in ISO 8601. `media` is the original recording, `files` what is beside the
    manifest, `history` the last link of the chain of the history. `change` is the number of the change after which the
    transcript is certified. `rewritten` are the words that people changed after the machine.
    """

    format: str
    issued_at: str
    issuer: str
    title: str
    language: str
    duration_ms: int
    engine: str
    change: int
    media_name: str
    media: Sum
    files: dict[str, Sum]
    history: str
    approved_by: str
    approved_at: str
    rewritten: tuple[Rewritten, ...]

    def encoded(self) -> bytes:
        """Return it as it is signed."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def decoded(content: bytes) -> Manifest:
    """Return the manifest of this JSON. Raises NotACertificate."""
    try:
        read = json.loads(content)
        if read["format"] != FORMAT:
            raise NotACertificate(NEWER)
        return _manifest(read)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, NotACertificate):
            raise
        raise NotACertificate(UNREADABLE) from error


def _manifest(read: dict[str, Any]) -> Manifest:
    texts = {one.name: read[one.name] for one in fields(Manifest) if one.type in ("str", "int")}
    if any(not isinstance(value, str | int) for value in texts.values()):
        raise TypeError
    return Manifest(
        **texts,
        media=Sum(**read["media"]),
        files={name: Sum(**one) for name, one in read["files"].items()},
        rewritten=tuple(Rewritten(**{**one, "people": tuple(one["people"])}) for one in read["rewritten"]),
    )
