"""Receive a multipart upload: the file is streamed to the disk, never held in memory."""

from __future__ import annotations

import asyncio
import errno
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import BodyPartReader, MultipartReader, web

from speechserver.api.errors import problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    CheckOptions = Callable[[dict[str, list[str]]], object]

MAX_BYTES = 8 * 1024**3
OPTION_BYTES = 64 * 1024
# The words of a day of speech, with the second of each
WORDS_BYTES = 8 * 1024**2
CHUNK_BYTES = 256 * 1024
# Other names of the same option in published guides
ALIASES = {"language_code": "language", "enable_speaker_diarization": "diarize", "num_speakers": "speakers"}


@dataclass(slots=True)
class Received:
    """What an upload contained. `options` holds the values of every text field, in the order sent."""

    filename: str = ""
    size: int = 0
    sha256: str = ""
    options: dict[str, list[str]] = field(default_factory=dict)


async def receive(request: web.Request, path: Path, check_options: CheckOptions) -> Received:
    """Write the `file` part to `path`. `check_options` may raise as soon as a field is read.

    Raises the problem to send to the client: no form, no file, an empty one, one that is too large.
    """
    if not request.content_type.startswith("multipart/"):
        raise problem(415, "not_a_form", "Send the recording as multipart/form-data with one part named file")
    received = Received()
    try:
        await _read_parts(await request.multipart(), path, received, check_options)
    except ValueError as error:
        raise problem(400, "bad_form", "The multipart body could not be read") from error
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise problem(507, "disk_full", "The server has no room for this recording; try again later") from error
    if not received.sha256:
        raise problem(400, "no_file", "The request holds no part named file")
    if not received.size:
        raise problem(422, "invalid_audio", "The file is empty")
    return received


async def _read_parts(reader: MultipartReader, path: Path, received: Received, check_options: CheckOptions) -> None:
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            raise ValueError("a multipart inside the multipart")
        if part.name == "file":
            if received.sha256:
                raise problem(400, "several_files", "Send one recording with each request")
            await _save(part, path, received)
        elif part.name:
            name = ALIASES.get(part.name, part.name)
            most = WORDS_BYTES if name == "words" else OPTION_BYTES
            received.options.setdefault(name, []).append(await _text(part, most))
            check_options(received.options)


async def _text(part: BodyPartReader, most: int) -> str:
    value = bytearray()
    while chunk := await part.read_chunk(OPTION_BYTES):
        value += chunk
        if len(value) > most:
            raise problem(413, "too_large", "A text field of the form is too long")
    return value.decode("utf-8").strip()


async def _save(part: BodyPartReader, path: Path, received: Received) -> None:
    digest = hashlib.sha256()
    received.filename = part.filename or ""
    with path.open("wb") as out:
        while chunk := await part.read_chunk(CHUNK_BYTES):
            received.size += len(chunk)
            if received.size > MAX_BYTES:
                raise problem(413, "too_large", f"The file is larger than {MAX_BYTES // 1024**3} GiB")
            digest.update(chunk)
            await asyncio.to_thread(out.write, chunk)
    received.sha256 = digest.hexdigest()
