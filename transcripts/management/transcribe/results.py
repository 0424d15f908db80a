"""Transcripts written to a folder, each whole or not at all, and never over what isn't known to be its own.

A hidden file of the folder remembers which recording each result is of, and the hash of what was written: a file that
is another recording's, that a person changed, or that was there before, is left alone, and the result has a number.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from contextlib import contextmanager
from itertools import count
from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from django.conf import settings

from transcripts import formats
from transcripts.services.recordings.uploads import clean_filename
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from transcripts.models import Transcript

REMEMBERED = ".verbatim.json"
UNFINISHED = (".verbatim.", ".part")
# With a number and an ending it still is a name that every file system has room for
LONGEST_STEM_BYTES = 200


class Results:
    """The results in one folder, in these `formats` with their options."""

    def __init__(self, folder: Path, formats: Mapping[str, Mapping[str, str]], *, overwrites: bool) -> None:
        self.folder, self.formats, self.overwrites = folder, formats, overwrites
        # What this command wrote, which it doesn't write over either
        self.written: dict[str, UUID] = {}

    def write(self, name: str, transcript: Transcript) -> list[Path]:
        """Write the transcript of the file of this name; return where. Raises OSError and Refused."""
        contents = {
            ending: exports.export(transcript, format, self.formats[format]).content
            for format, ending in endings_of(list(self.formats)).items()
        }
        recording = transcript.recording_id
        with self._alone():
            owned = self._remembered()
            stem = next(stem for stem in _stems(name) if self._is_free(stem, contents, recording, owned))
            paths = [self.folder / f"{stem}.{ending}" for ending in contents]
            for path, content in zip(paths, contents.values(), strict=True):
                self._put(path, content, others=True)
                owned[path.name] = {"recording": str(recording), "sha256": _hash(content)}
                self.written[path.name] = recording
            self._remember(owned)
        return paths

    def _is_free(self, stem: str, contents: Mapping[str, bytes], recording: UUID, owned: Mapping[str, Any]) -> bool:
        """Tell whether none of the results of this stem would take the place of something else."""
        for ending, content in contents.items():
            path = self.folder / f"{stem}.{ending}"
            if self.written.get(path.name, recording) != recording:
                return False
            if not self.overwrites and path.exists() and not _is_ours(path, content, recording, owned):
                return False
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder, so that of two commands one writes after the other."""
        make_folder(self.folder)
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            for left in self.folder.glob("*".join(UNFINISHED)):
                left.unlink(missing_ok=True)
            yield
        finally:
            os.close(descriptor)

    def _remembered(self) -> dict[str, Any]:
        """Return what is remembered; nothing if it can't be read, and then nothing is written over."""
        try:
            known = json.loads((self.folder / REMEMBERED).read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return {name: fact for name, fact in known.items() if isinstance(fact, dict)} if isinstance(known, dict) else {}

    def _remember(self, owned: Mapping[str, Any]) -> None:
        self._put(self.folder / REMEMBERED, json.dumps(owned, ensure_ascii=False, indent=0).encode())

    def _put(self, path: Path, content: bytes, *, others: bool = False) -> None:
        """Write a file whole; with `others`, it can be read by those whom the caller's umask lets."""
        if path.is_file() and path.read_bytes() == content:
            return
        # A new file of a name that no one can know before, so that nothing is written through a link
        with NamedTemporaryFile(dir=self.folder, prefix=UNFINISHED[0], suffix=UNFINISHED[1], delete=False) as file:
            file.write(content)
            if others:
                os.fchmod(file.fileno(), 0o666 & ~settings.CALLERS_UMASK)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)


def make_folder(folder: Path) -> None:
    """Make the folder if it isn't there, for those whom the caller's umask lets."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        one.chmod(0o777 & ~settings.CALLERS_UMASK)


def endings_of(names: list[str]) -> dict[str, str]:
    """Return how the files of each format end; of two that end alike, the second has its name before it."""
    endings: dict[str, str] = {}
    for name in names:
        ending = formats.FORMATS[name].extension
        endings[name] = f"{name}.{ending}" if ending in endings.values() else ending
    return endings


def _stems(name: str) -> Iterator[str]:
    """Return what the results of a file can be called, the first that is free of them."""
    stem = PurePath(clean_filename(name)).stem
    short = stem.encode()[:LONGEST_STEM_BYTES].decode(errors="ignore")
    yield short
    yield from (f"{short} ({number})" for number in count(2))


def _is_ours(path: Path, content: bytes, recording: UUID, owned: Mapping[str, Any]) -> bool:
    """Tell whether the file that is there is what was written of this recording, or what would be written now."""
    if not path.is_file():
        return False
    fact, present = owned.get(path.name, {}), path.read_bytes()
    return present == content or (fact.get("recording") == str(recording) and fact.get("sha256") == _hash(present))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
