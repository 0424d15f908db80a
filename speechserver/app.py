"""The SpeechStream API: `POST /v1/upload`, `GET /v1/status`, `/v1/stream`, `GET /health`."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from speechserver.errors import problem
from speechserver.jobs import Job, new_id
from speechserver.limits import Gate, retry_after
from speechserver.uploads import Received, receive
from speechserver.wishes import read_options

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from speechserver.jobs import JobStore, Options
    from speechserver.live import LiveRoom
    from speechserver.runner import Runner

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger("speechserver")

# A full queue has moved on by then.
QUEUE_RETRY_AFTER = "30"
# What a handler leaves on its request for whoever keeps a ledger.
PROCESSING_ID = web.RequestKey("processing_id", str)
RECEIVED = web.RequestKey("received", Received)


def fingerprint(key: str) -> str:
    """What is kept of a key: enough to tell owners apart, of no use to anybody else."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SpeechServer:
    """The handlers and what they share."""

    keys: tuple[str, ...]
    gate: Gate
    store: JobStore
    runner: Runner
    live: LiveRoom

    def application(self, *middlewares: Any) -> web.Application:
        """The aiohttp application. Middlewares given here stand between it and its clients."""
        application = web.Application(middlewares=[json_errors, *middlewares])
        application.router.add_post("/v1/upload", self.upload)
        application.router.add_get("/v1/status", self.status)
        application.router.add_get("/v1/stream", self.stream)
        application.router.add_get("/health", self.health)
        application.router.add_get("/v1/health", self.health)
        application.cleanup_ctx.append(self._running)
        application.on_shutdown.append(lambda _: self.live.close())
        return application

    async def upload(self, request: web.Request) -> web.Response:
        """Take a recording; 200 means that it is on the disk and will be done."""
        owner = self.owner(request)
        self._refuse_too_many(owner)
        stamp = self.gate.take_upload(owner)
        try:
            job = await self._accept(request, owner)
        except BaseException:
            self.gate.give_back_upload(owner, stamp)
            raise
        self.runner.hand_in(job)
        return web.json_response({"processing_id": job.id, "status": "processing"})

    async def status(self, request: web.Request) -> web.Response:
        """Tell how far a recording is, or what it says."""
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
        """Listen live. A wrong key is told over the socket, where every client can read it.

        Browsers can send no headers with a socket: from them the key comes as `?token=`.
        """
        header = request.headers.get(hdrs.AUTHORIZATION, "")
        key = _bearer(header) if header else request.query.get("token", "")
        return await self.live.serve(request, is_known=self._knows(key))

    async def health(self, request: web.Request) -> web.Response:
        """Tell that the key is good and who recognises here."""
        self.owner(request)
        engine = self.runner.recogniser.description
        answer = {
            "status": "ok",
            "engine": engine.name,
            "draft": engine.is_draft,
            "languages": engine.languages,
        }
        return web.json_response(answer)

    def owner(self, request: web.Request) -> str:
        """Whose request this is. Raises the 401 for a key that is missing or wrong."""
        key = _bearer(request.headers.get(hdrs.AUTHORIZATION, ""))
        if not self._knows(key):
            raise problem(401, "unauthorized", "Send a valid API key as Authorization: Bearer <API_KEY>")
        return fingerprint(key)

    def _knows(self, key: str) -> bool:
        # Headers may hold any bytes, and come as halves of surrogate pairs.
        given = key.encode(errors="surrogateescape")
        return any(hmac.compare_digest(given, own.encode()) for own in self.keys)

    def _refuse_too_many(self, owner: str) -> None:
        if wait_s := self.gate.upload_wait_s(owner):
            rules = self.gate.rules
            message = f"At most {rules.uploads} uploads in {rules.per_s:g} s are allowed"
            raise problem(429, "rate_limited", message, retry_after=retry_after(wait_s))
        if self.runner.is_full():
            message = "Too many recordings wait here already; try again later"
            raise problem(503, "queue_full", message, retry_after=QUEUE_RETRY_AFTER)

    async def _accept(self, request: web.Request, owner: str) -> Job:
        job_id = new_id()
        path = self.store.audio(job_id)
        try:
            received = await receive(request, path, self._options)
            job = Job(job_id, owner, received.filename, self._options(received.options))
            await asyncio.to_thread(self.store.add, job)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        request[PROCESSING_ID], request[RECEIVED] = job_id, received
        return job

    def _options(self, fields: Mapping[str, Sequence[str]]) -> Options:
        return read_options(fields, self.runner.recogniser.description)

    def _answer(self, job: Job) -> dict[str, Any]:
        if job.state != "waiting":
            return {"processing_id": job.id, "status": job.state, **job.answer}
        progress = self.runner.progress(job.id)
        stage = "queued" if progress is None else "transcribing"
        return {"processing_id": job.id, "status": "processing", "stage": stage, "progress": progress}

    async def _running(self, _: web.Application) -> AsyncIterator[None]:
        self.runner.start()
        yield
        await self.runner.stop()
        self.store.close()


def _bearer(header: str) -> str:
    """The key of an Authorization header; empty where there is none."""
    scheme, _, key = header.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


@web.middleware
async def json_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every error `status` and `message`, also those that the framework or a fault in here makes."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.content_type == "application/json":
            raise
        raise problem(error.status, "http_error", f"The server cannot serve this: {error.reason}") from error
    except (ConnectionError, asyncio.CancelledError):
        raise
    except Exception as error:
        log.exception("%s %s failed.", request.method, request.path)
        raise problem(500, "internal_error", "The server made a mistake; try again later") from error
