"""The one place that builds HTTP clients: whole-call deadlines, bounded answers, flat uploads, live sockets."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import requests
from requests.auth import AuthBase

from transcripts import request_ids, tracing
from transcripts.providers.bodies import CHUNK_BYTES, Form, JsonWithFile
from transcripts.providers.calling.calls import Adapter, Call
from transcripts.providers.errors import Ambiguous, AuthenticationFailed, BadAnswer, TooLarge, Unreachable
from transcripts.providers.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from requests.adapters import BaseAdapter

    from transcripts.providers.base import Connection
    from transcripts.providers.bodies import Values

    Headers = Mapping[str, str]
    # In seconds: to connect, and between two bytes
    Timeouts = tuple[float, float]

# A transcript of a day of speech with every word timed stays below this.
MAX_ANSWER_BYTES = 64 * 1024**2
# As many connections are kept as checks run concurrently.
POOL_SIZE = 64
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
        call = Call(self._connection.status_deadline_ms)
        try:
            return self._answered(call, "GET", lambda timeouts: self._ask(path, query, accept, timeouts))
        except Ambiguous as error:
            raise Unreachable(str(error)) from error

    def send(self, method: str, path: str, *, body: Mapping[str, Any] | None = None) -> Reply:
        """Send JSON, or nothing, of which no harm comes if it is sent again. Raises what `get` raises."""
        call = Call(self._connection.status_deadline_ms)
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
        call = Call(self._connection.upload_deadline_ms)
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
        call = Call(min(self._connection.status_deadline_ms, self._connection.upload_deadline_ms))
        with self._new_session() as session:
            return self._exchange(session, call, "POST", path, json=data)

    def post_body(self, path: str, *, file: Path, content_type: str, query: Values | None = None) -> Reply:
        """Send a file as the whole body, reading it from the disk as it goes. Raises what `post_file` raises."""
        call = Call(self._connection.upload_deadline_ms)
        with self._new_session() as session, file.open("rb") as source:
            headers = {"Content-Type": content_type}
            return self._exchange(session, call, "POST", path, params=query, data=source, headers=headers)

    def post_json_with_file(self, path: str, data: Mapping[str, Any], *, part: str, file: Path) -> Reply:
        """Send JSON with a file as its `part` in base64, reading it as it goes. Raises what `post_file` raises."""
        call = Call(self._connection.upload_deadline_ms)
        with self._new_session() as session, file.open("rb") as source:
            body = JsonWithFile(source, data, part)
            headers = {"Content-Type": "application/json"}
            return self._exchange(session, call, "POST", path, data=body, headers=headers)

    def post_form(self, path: str, fields: Mapping[str, str]) -> Reply:
        """Ask with a form for something of which no harm comes if it is asked again. Raises what `get` raises."""
        call = Call(self._connection.status_deadline_ms)
        try:
            return self._exchange(self._session, call, "POST", path, data=fields)
        except Ambiguous as error:
            raise Unreachable(str(error)) from error

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.auth = self._credentials
        for scheme in ("http://", "https://"):
            session.mount(scheme, Adapter(pool_maxsize=POOL_SIZE))
        return session

    def _ask(self, path: str, query: Values | None, accept: str, timeouts: Timeouts) -> requests.Response:
        """Send a mere question, prepared once for all: hundreds of checks a second are asked."""
        request = self._question.copy()
        request.prepare_url(self._base + path, query)
        request.headers.update({"Accept": accept, **_request_id()})
        return self._adapter.send(request, timeout=timeouts, **self._way)

    @cached_property
    def _adapter(self) -> BaseAdapter:
        return self._session.get_adapter(self._base)

    @cached_property
    def _question(self) -> requests.PreparedRequest:
        return self._session.prepare_request(requests.Request("GET", self._base))

    @cached_property
    def _way(self) -> dict[str, Any]:
        """The proxy and the certificates that the environment names."""
        return dict(self._session.merge_environment_settings(self._base, self._proxies, True, None, None))  # noqa: FBT003

    @property
    def _proxies(self) -> dict[str, str]:
        return NO_PROXY if self._connection.is_inside else {}

    def _exchange(self, session: requests.Session, call: Call, method: str, path: str, **options: Any) -> Reply:
        options["headers"] = {**options.get("headers", {}), **_request_id()}

        def send(timeouts: Timeouts) -> requests.Response:
            fixed: dict[str, Any] = {"stream": True, "allow_redirects": False, "proxies": self._proxies}
            return session.request(method, self._base + path, timeout=timeouts, **fixed, **options)

        return self._answered(call, method, send)

    def _answered(self, call: Call, method: str, send: Callable[[Timeouts], requests.Response]) -> Reply:
        key = self._connection.api_key.strip()
        if not (key.isascii() and key.isprintable()):  # the library would name it, whole, in its error
            raise AuthenticationFailed("The API key contains characters that no key has; enter it again")
        timeouts = (self._connection.connect_timeout_ms / 1000, call.remaining_s())
        try:
            with tracing.span(f"provider {method}"), call.watched(), send(timeouts) as response:
                call.status_code = response.status_code
                reply = Reply(response.status_code, response.headers, _read(response))
        except requests.RequestException as error:
            raise call.explain(error) from error
        if call.is_late:  # an answer without a length ends when the deadline cuts it
            raise BadAnswer("The provider's answer came too slowly", status_code=reply.status_code)
        return reply


def _request_id() -> dict[str, str]:
    request_id = request_ids.current()
    return {request_ids.HEADER: request_id} if request_id else {}


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
