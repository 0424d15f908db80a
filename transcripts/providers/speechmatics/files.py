"""Speechmatics: an upload begins a job, the job is asked for until it is done, and its transcript is fetched then."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from transcripts.providers.base import Answer, Health, State
from transcripts.providers.errors import BadAnswer, QuotaExceeded, UnknownJob
from transcripts.providers.http import Client
from transcripts.providers.media_types import name_of, type_of
from transcripts.providers.parsing.documents import read_document
from transcripts.providers.parsing.ids import id_in
from transcripts.providers.speechmatics.results import first_language, text_of, words_of
from transcripts.providers.speechmatics.wishes import DETECTION, for_files
from transcripts.providers.wire import decode, dicts, raise_for, read_json, read_text, said, sentence_of, unless_taken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from transcripts.document import Document
    from transcripts.providers.base import Connection, Options
    from transcripts.providers.wire import Reply

ENGINE = "Speechmatics"
JOBS = "/v2/jobs"
CREATED = 201
# It says in words whether it is asked too fast or the hours of the contract are used up.
PLAN_CODES = (403, 429)
PLAN_WORD = "quota"


class Speechmatics:
    """The adapter; see `Provider` for what each call promises."""

    def __init__(self, connection: Connection) -> None:
        self._client = Client(connection)
        self._connection = connection
        self._key = connection.api_key

    def health(self) -> Health:
        """Ask for one of the jobs, which shows that the key is good."""
        read_json(self._asked(JOBS, {"limit": "1"}))
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
                fields={"config": wishes},
                part="data_file",
            )
            reply = replace(reply, status_code=200) if reply.status_code == CREATED else reply
            self._raise_for(reply)
            processing_id = id_in(reply, "id")
        except BadAnswer as error:
            raise unless_taken(_as_taken(error), reply) from error
        return Answer(State.PROCESSING, raw=reply.body, processing_id=processing_id)

    def check(self, processing_id: str) -> Answer:
        """Ask for the job and, once it is done, for its transcript."""
        path = f"{JOBS}/{quote(processing_id, safe='')}"
        reply = self._asked(path)
        told = read_json(reply).get("job")
        job = told if isinstance(told, dict) else {}
        status = read_text(job.get("status")).lower()
        if status == "done":
            return self._transcript(processing_id, path)
        if status == "running":
            return Answer(State.PROCESSING, reply.body, processing_id)
        if not status:
            raise BadAnswer("The provider's answer has no status", status_code=reply.status_code)
        message = sentence_of({"errors": job.get("errors")}, key=self._key)
        sentence = message or f"The provider gave up on this audio (status {status[:40]!r})"
        return Answer(State.FAILED, reply.body, processing_id, message=sentence, code=status[:40])

    def parse(self, raw: bytes) -> Document:
        """Read a transcript in the format json-v2."""
        data = decode(raw)
        results, job = data.get("results"), data.get("job")
        words = words_of(results)
        told = {"transcription": text_of(words), "words": words} if isinstance(results, list) else {}
        duration = job.get("duration") if isinstance(job, dict) else None
        return read_document({**told, **_language(data), "duration": duration, "engine": ENGINE})

    def _transcript(self, processing_id: str, path: str) -> Answer:
        reply = self._asked(f"{path}/transcript", {"format": "json-v2"})
        if not isinstance(read_json(reply).get("results"), list):
            raise BadAnswer("The provider's answer holds no transcript", status_code=reply.status_code)
        return Answer(State.COMPLETED, reply.body, processing_id, progress=1.0)

    def _asked(self, path: str, query: Mapping[str, str] | None = None) -> Reply:
        reply = self._client.get(path, query=query)
        if reply.status_code == 404 and path != JOBS:
            raise UnknownJob("The provider no longer knows this job", status_code=404)
        self._raise_for(reply)
        return reply

    def _raise_for(self, reply: Reply) -> None:
        sentence = said(reply, key=self._key)
        if reply.status_code in PLAN_CODES and PLAN_WORD in sentence.lower():
            raise QuotaExceeded(sentence, status_code=reply.status_code)
        raise_for(reply, key=self._key, pause_ms=None)


def _as_taken(error: BadAnswer) -> BadAnswer:
    """An answer of 201 that broke off is, like one of 200, one to an upload that may have been taken."""
    if error.status_code == CREATED:
        error.status_code = 200
    return error


def _language(data: dict[str, Any]) -> dict[str, Any]:
    """The language of a transcript and, if it was detected, how probable it is."""
    metadata = data.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    detected, config = known.get("language_identification"), known.get("transcription_config")
    if isinstance(detected, dict):
        first = next(iter(dicts(detected.get("results"))), {})
        best = next(iter(dicts(first.get("alternatives"))), {})
        language = detected.get("predicted_language") or best.get("language")
        return {"language": language, "language_probability": best.get("confidence")}
    asked = config.get("language") if isinstance(config, dict) else None
    return {"language": first_language(data.get("results")) or (None if asked == DETECTION else asked)}
