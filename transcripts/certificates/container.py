"""The file that a certificate is: a ZIP with a few members, read as what a stranger may have made."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
TEXT = "transcript.txt"
DATA = "transcript.json"
HISTORY = "history.jsonl"
README = "README.txt"
# What the manifest has the sums of.
CERTIFIED = (TEXT, DATA, HISTORY, README)
MEMBERS = frozenset((MANIFEST, SIGNATURE, *CERTIFIED))

MOST_BYTES = 64 * 1024**2
# The same parts make the same file.
MOMENT = (1980, 1, 1, 0, 0, 0)
NOT_ONE = "This file is not a certified transcript."
DAMAGED = "This certificate is damaged: it can’t be read to its end."
TOO_LARGE = "This certificate is larger than any transcript."
STRANGE = "This certificate has other files in it than it should."


class NotACertificate(ValueError):
    """What was given can't be read as a certificate; the message is for people."""


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def unpack(file: IO[bytes]) -> dict[str, bytes]:
    """Return the parts of a certificate. Raises NotACertificate; reads at most MOST_BYTES."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _parts(archive)
    except zipfile.BadZipFile as error:
        raise NotACertificate(NOT_ONE) from error
    except (zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise NotACertificate(DAMAGED) from error


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if MANIFEST not in names or SIGNATURE not in names:
        raise NotACertificate(NOT_ONE)
    if sorted(names) != sorted(MEMBERS):
        raise NotACertificate(STRANGE)
    room = MOST_BYTES
    found = {}
    for info in infos:
        found[info.filename] = _content(archive, info, room)
        room -= len(found[info.filename])
    return found


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    # The size that a member announces may be a lie
    try:
        with archive.open(info) as member:
            content = member.read(room + 1)
    except zipfile.BadZipFile as error:
        raise NotACertificate(DAMAGED) from error
    if len(content) > room:
        raise NotACertificate(TOO_LARGE)
    return content
