"""Google Cloud Speech-to-Text v2: one request carries a short recording there and its words back."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from transcripts.document import Document
from transcripts.document.languages import most_spoken
from transcripts.providers import tokens
from transcripts.providers.base import Answer, Health, State
from transcripts.providers.errors import BadAnswer, UnknownJob
from transcripts.providers.google.results import results_of, segments_of
from transcripts.providers.google.service_account import ServiceAccount, ServiceAccountGrant, read
from transcripts.providers.google.wishes import config
from transcripts.providers.http import Client
from transcripts.providers.wire import decode, dicts, raise_for, read_json, read_ms, unless_taken

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from transcripts.providers.base import Connection, Options
    from transcripts.providers.wire import Reply

ENGINE = "Google Cloud Speech-to-Text"
EVERYWHERE = "global"
# A region's host is `REGION-speech.googleapis.com`.
REGIONAL = "-speech.googleapis.com"


class Google:
    """The adapter; see `Provider` for what each call promises.

    Its key is a service account's, as JSON or as the path of a file with it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def health(self) -> Health:
        """Ask for the recognisers of the project."""
        reply = self._ask(lambda client: client.get(f"{self._place}/recognizers", query={"pageSize": "1"}))
        read_json(reply)
        return Health(engine=ENGINE)

    def submit(self, audio: Path, options: Options) -> Answer:
        """Send the audio and wait for the words."""
        # The underscore is a recogniser that needs not be made before.
        path = f"{self._place}/recognizers/_:recognize"
        wishes = {"config": config(self._connection, options)}
        reply = None
        try:
            reply = self._ask(lambda client: client.post_json_with_file(path, wishes, part="content", file=audio))
            results_of(read_json(reply))
        except BadAnswer as error:
            raise unless_taken(error, reply) from error
        return Answer(State.COMPLETED, raw=reply.body, progress=1.0)

    def check(self, processing_id: str) -> Answer:
        """There is nothing to ask for. Raises UnknownJob."""
        raise UnknownJob("Google answers immediately and stores nothing to ask for")

    def parse(self, raw: bytes) -> Document:
        """Read a completed answer. It tells how long the recording is in whole seconds alone, so not at all."""
        segments = segments_of(results_of(decode(raw)))
        return Document(segments=segments, language=most_spoken(segments), engine=ENGINE)

    def _ask(self, ask: Callable[[Client], Reply]) -> Reply:
        """Ask with a token, and once more with a new one if it is refused."""
        found = tokens.shared(self._account.content, self._grant)
        token = found.current()
        reply = ask(self._client(token))
        if reply.status_code == 401:
            token = found.renew(token)
            reply = ask(self._client(token))
        raise_for(reply, key=token, pause_ms=_pause_ms(reply))
        return reply

    def _client(self, token: str) -> Client:
        return Client(replace(self._connection, api_key=token))

    @cached_property
    def _account(self) -> ServiceAccount:
        return read(self._connection.api_key)

    def _grant(self) -> ServiceAccountGrant:
        connection = self._connection
        return ServiceAccountGrant(
            self._account,
            connect_timeout_ms=connection.connect_timeout_ms,
            deadline_ms=connection.status_deadline_ms,
        )

    @property
    def _place(self) -> str:
        host = urlsplit(self._connection.endpoint).hostname or ""
        location = host.removesuffix(REGIONAL) if host.endswith(REGIONAL) else EVERYWHERE
        return f"/v2/projects/{quote(self._account.project, safe='')}/locations/{location}"


def _pause_ms(reply: Reply) -> int | None:
    """Return the wait that an error names in its details; None if it names none."""
    try:
        error = decode(reply.body).get("error")
    except BadAnswer:
        return None
    details = dicts(error.get("details")) if isinstance(error, dict) else []
    return next((read_ms(one["retryDelay"]) for one in details if "retryDelay" in one), None)
