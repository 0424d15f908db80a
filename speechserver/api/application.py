"""The SpeechStream API: `POST /v1/upload`, `GET /v1/status`, `/v1/stream`, `GET /health`."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from speechserver.api.errors import problem
from speechserver.api.limits import Gate, retry_after
from speechserver.api.options import read_options
from speechserver.api.uploads import Received, receive
from speechserver.jobs.store import Job, new_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from speechserver.api.faults import Handler
    from speechserver.api.stream import LiveSessions
    from speechserver.jobs.queue import JobQueue
    from speechserver.jobs.store import JobStore
    from speechserver.options import Options

log = logging.getLogger("speechserver")

# In seconds; a full queue has advanced by then
QUEUE_RETRY_AFTER = "30"
# What a handler stores on its request for a middleware that keeps a ledger
PROCESSING_ID = web.RequestKey("processing_id", str)
RECEIVED = web.RequestKey("received", Received)


def fingerprint(key: str) -> str:
    """Return what is stored of a key: enough to tell owners apart, of no use to anyone else."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SpeechServer:
    """The handlers and what they share."""

    keys: tuple[str, ...]
    gate: Gate
    store: JobStore
    queue: JobQueue
    live: LiveSessions

    def application(self, *middlewares: Any) -> web.Application:
        """Return the aiohttp application; middlewares given here wrap its handlers."""
        application = web.Application(middlewares=[json_errors, *middlewares])
        application.router.add_post("/v1/upload", self.upload)
        application.router.add_get("/v1/status", self.status)
        application.router.add_get("/v1/stream", self.stream)
        application.router.add_get("/health", self.health)
        application.router.add_get("/v1/health", self.health)
        application.cleanup_ctx.append(self._run_queue)
        application.on_shutdown.append(lambda _: self.live.close())
        return application

    async def upload(self, request: web.Request) -> web.Response:
        """Accept a recording; 200 means that it is on the disk and will be transcribed."""
        owner = self.owner(request)
        self._refuse_too_many(owner)
        stamp = self.gate.count_upload(owner)
        try:
            job = await self._accept(request, owner)
        except BaseException:
            self.gate.uncount_upload(owner, stamp)
            raise
        self.queue.enqueue(job)
        return web.json_response({"processing_id": job.id, "status": "processing"})

    async def status(self, request: web.Request) -> web.Response:
        """Return the progress of a recording, or its transcript."""
        owner = self.owner(request)
        processing_id = request.query.get("processing_id", "")
        if not processing_id:
            raise problem(400, "no_processing_id", "Name the upload: /v1/status?processing_id=...")
        request[PROCESSING_ID] = processing_id
        job = await asyncio.to_thread(self.store.get, processing_id, owner)
        if job is None:
            raise problem(404, "not_found", "No upload of yours has this processing id")
        if wait_s := self.gate.status_wait_s(owner, processing_id):
            message = f"Ask once every {self.gate.rules.status_s:g} s for one processing id"
            raise problem(429, "rate_limited", message, status="processing", retry_after=retry_after(wait_s))
        return web.json_response(self._answer(job))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Hold a live session. A wrong key is reported over the socket, where every client can read it.

        Browsers can't send headers with a socket: they send the key as `?token=`.
        """
        header = request.headers.get(hdrs.AUTHORIZATION, "")
        key = _bearer(header) if header else request.query.get("token", "")
        return await self.live.serve(request, is_authorized=self._is_known(key))

    async def health(self, request: web.Request) -> web.Response:
        """Confirm that the key is valid, and describe the recogniser."""
        self.owner(request)
        engine = self.queue.recogniser.description
        answer = {
            "status": "ok",
            "engine": engine.name,
            "draft": engine.is_draft,
            "languages": engine.languages,
            "aligns": engine.aligns,
        }
        return web.json_response(answer)

    def owner(self, request: web.Request) -> str:
        """Return the owner of this request. Raises the 401 for a key that is missing or wrong."""
        key = _bearer(request.headers.get(hdrs.AUTHORIZATION, ""))
        if not self._is_known(key):
            raise problem(401, "unauthorized", "Send a valid API key as Authorization: Bearer <API_KEY>")
        return fingerprint(key)

    def _is_known(self, key: str) -> bool:
        # Headers may hold any bytes, which arrive as surrogate escapes.
        given = key.encode(errors="surrogateescape")
        return any(hmac.compare_digest(given, own.encode()) for own in self.keys)

    def _refuse_too_many(self, owner: str) -> None:
        if wait_s := self.gate.upload_wait_s(owner):
            rules = self.gate.rules
            message = f"At most {rules.uploads} uploads in {rules.per_s:g} s are allowed"
            raise problem(429, "rate_limited", message, retry_after=retry_after(wait_s))
        if self.queue.is_full():
            message = "The queue is full; try again later"
            raise problem(503, "queue_full", message, retry_after=QUEUE_RETRY_AFTER)

    async def _accept(self, request: web.Request, owner: str) -> Job:
        job_id = new_id()
        path = self.store.audio(job_id)
        try:
            received = await receive(request, path, self._options)
            options = self._options(received.options)
            if options.words and not options.language:
                raise problem(422, "bad_option", "Name the language of the words")
            job = Job(job_id, owner, received.filename, options)
            await asyncio.to_thread(self.store.add, job)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        request[PROCESSING_ID], request[RECEIVED] = job_id, received
        return job

    def _options(self, fields: Mapping[str, Sequence[str]]) -> Options:
        return read_options(fields, self.queue.recogniser.description)

    def _answer(self, job: Job) -> dict[str, Any]:
        if job.state != "waiting":
            return {"processing_id": job.id, "status": job.state, **job.answer}
        progress = self.queue.progress(job.id)
        stage = "queued" if progress is None else "transcribing"
        return {"processing_id": job.id, "status": "processing", "stage": stage, "progress": progress}

    async def _run_queue(self, _: web.Application) -> AsyncIterator[None]:
        self.queue.start()
        yield
        await self.queue.stop()
        self.store.close()


def _bearer(header: str) -> str:
    """Return the key of an Authorization header; empty if there is none."""
    scheme, _, key = header.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


@web.middleware
async def json_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every error `status` and `message`, including those of the framework and unexpected ones."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.content_type == "application/json":
            raise
        raise problem(error.status, "http_error", f"The server can't serve this: {error.reason}") from error
    except (ConnectionError, asyncio.CancelledError):
        raise
    except Exception as error:
        log.exception("%s %s failed.", request.method, request.path)
        raise problem(500, "internal_error", "Something went wrong on the server; try again later") from error
