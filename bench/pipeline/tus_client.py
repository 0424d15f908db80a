"""A tus client that costs next to nothing, so that a server is measured and not its client."""

from __future__ import annotations

import http.client
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

VERSION = {"Tus-Resumable": "1.0.0"}
PART = {"Content-Type": "application/offset+octet-stream"}


class TusClient:
    """One connection to a server, kept from part to part."""

    def __init__(self, endpoint: str, headers: Mapping[str, str] | None = None) -> None:
        address = urlsplit(endpoint)
        assert address.hostname is not None
        self._connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
        self._collection, self._headers = address.path, {**VERSION, **(headers or {})}

    def begin(self, length: int) -> str:
        """Begin an upload; return its path."""
        self._connection.request("POST", self._collection, headers={**self._headers, "Upload-Length": str(length)})
        return urlsplit(self._answer(201)["Location"]).path

    def send(self, path: str, file: IO[bytes], size: int, part: int) -> None:
        """Send so many bytes in parts of this size; a file that is shorter is sent again and again."""
        for offset in range(0, size, part):
            self._part(path, file, offset, min(part, size - offset))

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _part(self, path: str, file: IO[bytes], offset: int, size: int) -> None:
        self._connection.putrequest("PATCH", path)
        head = {**self._headers, **PART, "Upload-Offset": str(offset), "Content-Length": str(size)}
        for name, text in head.items():
            self._connection.putheader(name, text)
        self._connection.endheaders()
        length = file.seek(0, 2)
        while size:
            begin = offset % length
            sent = self._connection.sock.sendfile(file, begin, min(size, length - begin))
            offset, size = offset + sent, size - sent
        self._answer(204)

    def _answer(self, status: int) -> Message:
        answer = self._connection.getresponse()
        text = answer.read().decode()
        assert answer.status == status, f"{answer.status}: {text}"
        return answer.headers
