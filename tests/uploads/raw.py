"""A tus client that writes its requests byte by byte, so that a test can stop in the middle of one."""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from tests.uploads.tus import TUS, metadata

if TYPE_CHECKING:
    from email.message import Message

    from tests.support.web_client import Person

DEADLINE_S = 60


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Message
    text: str

    @property
    def offset(self) -> int:
        """How much has arrived, as the server says."""
        return int(self.headers["Upload-Offset"])


class Connection:
    """One connection to the server; `request` sends a head and leaves the body to the test."""

    def __init__(self, port: int, person: Person) -> None:
        self.person = person
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
        self._stream = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self.socket.close()

    def request(self, method: str, path: str, *headers: str, **changed: str) -> None:
        """Send the head of a request in the person's name; `changed` are headers that this person sends otherwise."""
        sent = {**TUS, **self.person.headers, **changed}
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{name}: {text}" for name, text in sent.items())]
        self.send("\r\n".join([*lines, *headers, "", ""]).encode())

    def patch(self, path: str, offset: int, size: int, *headers: str, **changed: str) -> None:
        """Send the head of a part."""
        part = ("Content-Type: application/offset+octet-stream", f"Upload-Offset: {offset}")
        self.request("PATCH", path, *part, f"Content-Length: {size}", *headers, **changed)

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(data)

    def answer(self) -> Answer:
        """Read the next answer."""
        status = int(self._stream.readline().split()[1])
        headers = http.client.parse_headers(self._stream)
        return Answer(status, headers, self._stream.read(int(headers["Content-Length"] or 0)).decode())

    def cut(self) -> None:
        """Break the connection off, as a train does that enters a tunnel."""
        self.socket.shutdown(socket.SHUT_RDWR)

    def is_closed(self) -> bool:
        """Whether the server ended the connection; waits for that or for a byte."""
        try:
            return not self._stream.read(1)
        except ConnectionResetError:
            return True


def begin(person: Person, length: int, **fields: str) -> str:
    """Begin an upload; return its path."""
    said = {**TUS, "X-CSRFToken": person.token, "Upload-Length": str(length), "Upload-Metadata": metadata(**fields)}
    answer = person.session.post(f"{person.url}/uploads/", headers=said, timeout=DEADLINE_S)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"].removeprefix(person.url)


def arrived(person: Person, path: str) -> int:
    """Return how much of an upload has arrived."""
    answer = person.session.head(person.url + path, headers=TUS, timeout=DEADLINE_S)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"])


def eventually_arrived(person: Person, path: str, at_least: int) -> int:
    """Wait until so much of an upload has arrived; return how much."""
    while (offset := arrived(person, path)) < at_least:
        pass
    return offset
