"""The one place that builds HTTP clients: whole-call deadlines, bounded answers, flat uploads, live sockets."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socket import SHUT_RDWR, socket
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.fields import RequestField
from urllib3.filepost import choose_boundary

from transcripts import request_ids, tracing
from transcripts.providers.errors import (
    Ambiguous,
    AuthenticationFailed,
    BadAnswer,
    TooLarge,
    Unreachable,
)
from transcripts.providers.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from transcripts.providers.base import Connection

    # Values by name; what has several is sent once for each
    Values = Mapping[str, str | Sequence[str]]

# A transcript of a day of speech with every word timed stays below this.
MAX_ANSWER_BYTES = 64 * 1024**2
CHUNK_BYTES = 64 * 1024
# As many connections are kept as checks run concurrently.
POOL_SIZE = 32


class Client:
    """Speaks to one provider with its key. Safe to share between threads.

    `key_header` is where the provider wants its key, `key_prefix` what is before it there.
    """

    def __init__(
        self, connection: Connection, *, key_header: str = "Authorization", key_prefix: str = "Bearer "
    ) -> None:
        self._connection = connection
        self._base = connection.endpoint.rstrip("/")
        self._key = _Key(key_header, key_prefix + connection.api_key.strip())
        self._session = self._new_session()

    def get(self, path: str, *, query: Values | None = None, accept: str = "*/*") -> Reply:
        """Ask for something; asking again is always allowed.

        Raises Unreachable if no answer came, BadAnswer if it cannot be read to its end.
        """
        call = _Call(self._connection.status_deadline_ms)
        try:
            return self._exchange(self._session, call, "GET", path, params=query, headers={"Accept": accept})
        except Ambiguous as error:
            raise Unreachable(str(error)) from error

    def send(self, method: str, path: str, *, body: Mapping[str, Any] | None = None) -> Reply:
        """Send JSON, or nothing, of which no harm comes if it is sent again. Raises what `get` raises."""
        call = _Call(self._connection.status_deadline_ms)
        try:
            return self._exchange(self._session, call, method, path, json=body)
        except Ambiguous as error:
            raise Unreachable(str(error)) from error

    def post_file(
        self,
        path: str,
        *,
        file: Path,
        filename: str,
        content_type: str,
        fields: Values,
        part: str = "file",
    ) -> Reply:
        """Send a file as multipart/form-data, the fields before its `part`, reading it from the disk as it goes.

        Raises Unreachable if nothing was sent, Ambiguous if the provider may have taken it, BadAnswer
        if the beginning of an answer came.
        """
        call = _Call(self._connection.upload_deadline_ms)
        # A connection of its own: one that idled may be closed by the provider in the very moment it is used,
        # and then it would be unknown whether the upload was accepted.
        with self._new_session() as session, file.open("rb") as source:
            form = _Form(source, part, filename, content_type, fields)
            headers = {"Content-Type": form.content_type}
            return self._exchange(session, call, "POST", path, data=form, headers=headers)

    def post_json(self, path: str, data: Mapping[str, Any]) -> Reply:
        """Ask for something that is charged for; it is small, so it gets no more time than a question.

        Raises what `post_file` raises.
        """
        call = _Call(min(self._connection.status_deadline_ms, self._connection.upload_deadline_ms))
        with self._new_session() as session:
            return self._exchange(session, call, "POST", path, json=data)

    def post_body(self, path: str, *, file: Path, content_type: str, query: Values | None = None) -> Reply:
        """Send a file as the whole body, reading it from the disk as it goes. Raises what `post_file` raises."""
        call = _Call(self._connection.upload_deadline_ms)
        with self._new_session() as session, file.open("rb") as source:
            headers = {"Content-Type": content_type}
            return self._exchange(session, call, "POST", path, params=query, data=source, headers=headers)

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.auth = self._key
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Adapter(pool_maxsize=POOL_SIZE))
        return session

    def _exchange(self, session: requests.Session, call: _Call, method: str, path: str, **options: Any) -> Reply:
        key = self._connection.api_key.strip()
        if not (key.isascii() and key.isprintable()):  # the library would name it, whole, in its error
            raise AuthenticationFailed("The API key contains characters that no key has; enter it again")
        if request_id := request_ids.current():
            options["headers"] = {**options.get("headers", {}), request_ids.HEADER: request_id}
        timeouts = (self._connection.connect_timeout_ms / 1000, call.remaining_s())
        try:
            with (
                tracing.span(f"provider {method}"),
                call.watched(),
                session.request(
                    method, self._base + path, timeout=timeouts, stream=True, allow_redirects=False, **options
                ) as response,
            ):
                call.status_code = response.status_code
                reply = Reply(response.status_code, response.headers, _read(response))
        except requests.RequestException as error:
            raise call.explain(error) from error
        if call.is_late:  # an answer without a length ends when the deadline cuts it
            raise BadAnswer("The provider's answer came too slowly", status_code=reply.status_code)
        return reply


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            limit = MAX_ANSWER_BYTES // 1024**2
            raise TooLarge(f"The provider's answer is larger than {limit} MiB", status_code=response.status_code)
    return bytes(body)


class _Key(AuthBase):
    """The key as a header. As `auth` rather than a header, so that no .netrc on the machine replaces it."""

    def __init__(self, header: str, value: str) -> None:
        self._header, self._value = header, value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[self._header] = self._value
        return request


class _Form:
    """A multipart body of known length, shaped as requests shapes `files=`."""

    def __init__(self, source: Any, part: str, filename: str, content_type: str, fields: Values) -> None:
        boundary = choose_boundary()
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._source = source
        self._size: int = source.seek(0, 2)
        parts = [_part(boundary, name, None) + value.encode() + b"\r\n" for name, value in _each(fields)]
        self._before = b"".join(parts) + _part(boundary, part, filename, content_type)
        self._after = f"\r\n--{boundary}--\r\n".encode()

    def __len__(self) -> int:
        return len(self._before) + self._size + len(self._after)

    def __iter__(self) -> Iterator[bytes]:
        yield self._before
        self._source.seek(0)
        while chunk := self._source.read(CHUNK_BYTES):
            yield chunk
        yield self._after


def _each(fields: Values) -> Iterator[tuple[str, str]]:
    for name, values in fields.items():
        for value in [values] if isinstance(values, str) else values:
            yield name, value


def _part(boundary: str, name: str, filename: str | None, content_type: str | None = None) -> bytes:
    field = RequestField(name, b"", filename)
    field.make_multipart(content_type=content_type)
    return f"--{boundary}\r\n{field.render_headers()}".encode()


@dataclass(slots=True)
class _Call:
    """One call under way: what it has done so far decides what a failure means."""

    deadline_ms: int
    began: float = field(default_factory=time.monotonic)
    has_sent: bool = False
    status_code: int | None = None
    is_late: bool = False
    connection: HTTPConnection | None = None

    def remaining_s(self) -> float:
        """Seconds left, never zero, which sockets would take for no limit at all."""
        return max(0.001, self.began + self.deadline_ms / 1000 - time.monotonic())

    @contextmanager
    def watched(self) -> Iterator[None]:
        """End the call at its deadline: a peer that trickles resets every other timeout."""
        watchdog = threading.Timer(self.remaining_s(), self._end)
        watchdog.daemon = True
        watchdog.start()
        _current.call = self
        try:
            yield
        finally:
            _current.call = None
            watchdog.cancel()

    def _end(self) -> None:
        self.is_late = True
        handle = self.connection.sock if self.connection else None
        if handle is not None:
            with suppress(OSError):
                # Past the TLS layer, which another thread is inside of.
                socket.shutdown(handle, SHUT_RDWR)

    def explain(self, error: requests.RequestException) -> Unreachable | Ambiguous | BadAnswer:
        """What a failure of the wire means. The library's words may hold addresses and are not passed on."""
        if not self.has_sent:
            return Unreachable("The provider cannot be reached; nothing was sent")
        if self.status_code is not None:
            return BadAnswer("The provider's answer broke off", status_code=self.status_code)
        late = self.is_late or isinstance(error, requests.Timeout)
        what = f"did not answer within {self.deadline_ms / 1000:g} s" if late else "closed the connection"
        return Ambiguous(f"The provider {what}; it may have taken the request")


class _Current(threading.local):
    call: _Call | None = None


_current = _Current()


class _Watched(HTTPConnection):
    """Tells the call of its thread when it begins to send, and lets sending take as long as the call may."""

    _is_connecting = False

    def connect(self) -> None:
        self._is_connecting = True
        super().connect()
        self._is_connecting = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        call = _current.call
        # A proxy's CONNECT goes through here too; it is not the request.
        if call is not None and not self._is_connecting:
            call.connection, call.has_sent = self, True
            self.sock.settimeout(call.remaining_s())
        super().send(data)


class _WatchedTls(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTls


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager
