"""A provider that never finishes: it knows any submission and allows a status check of each every so often.

`python -m bench.endurance.status_server 5` allows one each 5 s and prints its port.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests
from aiohttp import web

from tests.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


class Server:
    """Answers checks, and remembers each: the submission, when it arrived, when it was answered, and how."""

    def __init__(self, interval_s: float) -> None:
        self.interval_s = interval_s
        self.checks: list[dict[str, Any]] = []
        self.last: dict[str, float] = {}

    async def status(self, request: web.Request) -> web.Response:
        """Say that it is in work, or 429 to one that is early."""
        arrived_at, submission = time.time(), request.query["processing_id"]
        is_early = arrived_at - self.last.get(submission, 0) < self.interval_s
        answer = {"status": "processing"}
        self.last[submission] = answered_at = time.time()
        code = 429 if is_early else 200
        check = {"submission": submission, "arrived_at": arrived_at, "answered_at": answered_at, "code": code}
        self.checks.append(check)
        return web.json_response(answer, status=code)

    async def health(self, _: web.Request) -> web.Response:
        """Say that it is well."""
        return web.json_response({"status": "ok", "engine": "status only"})

    async def ledger(self, _: web.Request) -> web.Response:
        """Return all checks so far."""
        return web.json_response(self.checks)


@contextmanager
def running(interval_s: float) -> Iterator[str]:
    """Run it in a process of its own; yields its address."""
    command = [sys.executable, "-m", "bench.endurance.status_server", f"{interval_s:g}"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def checks_at(url: str) -> list[dict[str, Any]]:
    """Return the checks that a running server has had."""
    found: list[dict[str, Any]] = requests.get(f"{url}/ledger", timeout=60).json()
    return found


async def _serve(interval_s: float) -> None:
    server, application = Server(interval_s), web.Application()
    application.router.add_get("/v1/status", server.status)
    application.router.add_get("/health", server.health)
    application.router.add_get("/ledger", server.ledger)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
