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

from transcripts import request_ids, tracing
from transcripts.providers.bodies import CHUNK_BYTES, Form, JsonWithFile
from transcripts.providers.errors import (
    Ambiguous,
    AuthenticationFailed,
    BadAnswer,
    TooLarge,
    Unreachable,
)
from transcripts.providers.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from transcripts.providers.base import Connection
    from transcripts.providers.bodies import Values

    Headers = Mapping[str, str]

# A transcript of a day of speech with every word timed stays below this.
MAX_ANSWER_BYTES = 64 * 1024**2
# As many connections are kept as checks run concurrently.
POOL_SIZE = 32
# The environment's proxy, which can be elsewhere, isn't asked for these
NO_PROXY = {"http": "", "https": ""}


class Client:
    """Speaks to one provider with its key. Safe to share between threads.

    `key_header` is where the provider wants its key, `key_prefix` what is before it there. `credentials` are the
    headers that prove who asks to a provider that wants something else.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        key_header: str = "Authorization",
        key_prefix: str = "Bearer ",
        credentials: Headers | None = None,
    ) -> None:
        self._connection = connection
        self._base = connection.endpoint.rstrip("/")
        key = {key_header: key_prefix + connection.api_key.strip()}
        self._credentials = _Credentials(key if credentials is None else credentials)
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
        headers: Headers | None = None,
    ) -> Reply:
        """Send a file as multipart/form-data, the fields before its `part`, reading it from the disk as it goes.

        Raises Unreachable if nothing was sent, Ambiguous if the provider may have taken it, BadAnswer
        if the beginning of an answer came.
        """
        call = _Call(self._connection.upload_deadline_ms)
        # A connection of its own: one that idled may be closed by the provider in the very moment it is used,
        # and then it would be unknown whether the upload was accepted.
        with self._new_session() as session, file.open("rb") as source:
            form = Form(source, part, filename, content_type, fields)
            sent = {**(headers or {}), "Content-Type": form.content_type}
            return self._exchange(session, call, "POST", path, data=form, headers=sent)

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

    def post_json_with_file(self, path: str, data: Mapping[str, Any], *, part: str, file: Path) -> Reply:
        """Send JSON with a file as its `part` in base64, reading it as it goes. Raises what `post_file` raises."""
        call = _Call(self._connection.upload_deadline_ms)
        with self._new_session() as session, file.open("rb") as source:
            body = JsonWithFile(source, data, part)
            headers = {"Content-Type": "application/json"}
            return self._exchange(session, call, "POST", path, data=body, headers=headers)

    def post_form(self, path: str, fields: Mapping[str, str]) -> Reply:
        """Ask with a form for something of which no harm comes if it is asked again. Raises what `get` raises."""
        call = _Call(self._connection.status_deadline_ms)
        try:
            return self._exchange(self._session, call, "POST", path, data=fields)
        except Ambiguous as error:
            raise Unreachable(str(error)) from error

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.auth = self._credentials
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
                    method,
                    self._base + path,
                    timeout=timeouts,
                    stream=True,
                    allow_redirects=False,
                    proxies=NO_PROXY if self._connection.is_inside else None,
                    **options,
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


class _Credentials(AuthBase):
    """Headers that hold secrets. As `auth` rather than headers, so that no .netrc on the machine replaces them."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._headers)
        return request


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
