"""Rev AI: an upload begins a job, the job is asked for until it is done, and its transcript is fetched then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from transcripts.providers.base import Answer, Health, State
from transcripts.providers.errors import BadAnswer, UnknownJob
from transcripts.providers.http import Client
from transcripts.providers.media_types import name_of, type_of
from transcripts.providers.parsing.documents import read_document
from transcripts.providers.parsing.ids import id_in
from transcripts.providers.rev.elements import transcription
from transcripts.providers.rev.wishes import for_files
from transcripts.providers.wire import MAX_SENTENCE, decode, masked, raise_for, read_json, read_text, unless_taken

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from transcripts.document import Document
    from transcripts.providers.base import Connection, Options
    from transcripts.providers.wire import Reply

ENGINE = "Rev AI"
JOBS = "/speechtotext/v1/jobs"
TRANSCRIPT = "application/vnd.rev.transcript.v1.0+json"
DONE = frozenset({"transcribed", "completed"})
# The transcript is not there yet, whatever the job says.
WRONG_STATE = 409


class Rev:
    """The adapter; see `Provider` for what each call promises. `submit` needs a language."""

    def __init__(self, connection: Connection) -> None:
        self._client = Client(connection)
        self._connection = connection
        self._key = connection.api_key

    def health(self) -> Health:
        """Ask for the account, which shows that the key is good."""
        reply = self._client.get("/speechtotext/v1/account")
        raise_for(reply, key=self._key, pause_ms=None)
        read_json(reply)
        return Health(engine=ENGINE)

    def submit(self, audio: Path, options: Options) -> Answer:
        """Upload the audio with what is wished."""
        wishes = json.dumps(for_files(options, self._connection.model))
        reply = None
        try:
            reply = self._client.post_file(
                JOBS,
                file=audio,
                filename=name_of(audio, options),
                content_type=type_of(audio, options),
                fields={"options": wishes},
                part="media",
            )
            raise_for(reply, key=self._key, pause_ms=None)
            processing_id = id_in(reply, "id")
        except BadAnswer as error:
            raise unless_taken(error, reply) from error
        return Answer(State.PROCESSING, raw=reply.body, processing_id=processing_id)

    def check(self, processing_id: str) -> Answer:
        """Ask for the job and, once it is done, for its transcript."""
        path = f"{JOBS}/{quote(processing_id, safe='')}"
        reply = self._asked(path)
        job = read_json(reply)
        status = read_text(job.get("status")).lower()
        if status in DONE:
            return self._transcript(processing_id, path)
        if status == "in_progress":
            return Answer(State.PROCESSING, reply.body, processing_id)
        if not status:
            raise BadAnswer("The provider's answer has no status", status_code=reply.status_code)
        code = read_text(job.get("failure"))
        return Answer(State.FAILED, reply.body, processing_id, message=self._failure(job, status), code=code)

    def parse(self, raw: bytes) -> Document:
        """Read a transcript. It names neither its language nor how long the recording is."""
        monologues = decode(raw).get("monologues")
        told = transcription(monologues) if isinstance(monologues, list) else {}
        return read_document({**told, "engine": ENGINE})

    def _transcript(self, processing_id: str, path: str) -> Answer:
        reply = self._asked(f"{path}/transcript", accept=TRANSCRIPT)
        if reply.status_code == WRONG_STATE:
            return Answer(State.PROCESSING, reply.body, processing_id)
        if not isinstance(read_json(reply).get("monologues"), list):
            raise BadAnswer("The provider's answer holds no transcript", status_code=reply.status_code)
        return Answer(State.COMPLETED, reply.body, processing_id, progress=1.0)

    def _asked(self, path: str, accept: str = "application/json") -> Reply:
        reply = self._client.get(path, accept=accept)
        if reply.status_code == 404:
            raise UnknownJob("The provider no longer knows this job", status_code=404)
        if reply.status_code != WRONG_STATE:
            raise_for(reply, key=self._key, pause_ms=None)
        return reply

    def _failure(self, job: dict[str, Any], status: str) -> str:
        sentence = masked(read_text(job.get("failure_detail")), self._key)[:MAX_SENTENCE]
        return sentence or f"The provider gave up on this audio (status {status[:40]!r})"
