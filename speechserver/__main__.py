"""`python -m speechserver --port N --key KEY`: see `--help`."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from speechserver.api.application import SpeechServer
from speechserver.api.drills import Drills
from speechserver.api.limits import Gate, Rules, parse_rules
from speechserver.api.stream import LiveSessions
from speechserver.jobs.pool import RecogniserPool, RecogniserUnavailable
from speechserver.jobs.queue import JobQueue
from speechserver.jobs.store import JobStore
from speechserver.live.recogniser import LiveProcess
from speechserver.scripted.live import ScriptedLiveRecogniser
from speechserver.scripted.recogniser import ScriptedRecogniser
from speechserver.scripted.script import Script

if TYPE_CHECKING:
    from speechserver.jobs.recogniser import Recogniser

# Each takes a core at least: its audio is transcribed several times, to show words early and to make them certain
SESSIONS = max(2, os.cpu_count() or 1)
# Where the server's key comes from; unlike an argument, no other user can read it
KEY_VARIABLE = "STT_API_KEY"


def main() -> int:
    """Run until SIGTERM or SIGINT. Returns the exit code."""
    arguments = read_arguments()
    logging.basicConfig(level=logging.INFO, format="speech: %(message)s")
    try:
        asyncio.run(serve(arguments))
    except RecogniserUnavailable as error:
        sys.stderr.write(f"The speech server can't start: {error}\n")
        return 1
    except OSError as error:
        where = error.filename or f"{arguments.host}:{arguments.port}"
        sys.stderr.write(f"The speech server can't start ({where}): {os.strerror(error.errno or 0)}.\n")
        return 1
    return 0


def read_arguments() -> argparse.Namespace:
    """Parse the command line; a wrong one ends the program with a message."""
    parser = argparse.ArgumentParser(prog="speechserver", description="A SpeechStream-compatible speech server.")
    parser.add_argument("--port", type=int, required=True, help="0 picks a free one; the first line of output names it")
    parser.add_argument("--key", action="append", help="an API key, which other users can see in the process list")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, default=Path("var/speech"), help="where jobs are stored")
    parser.add_argument("--models", type=Path, help="where models are stored; default: models/ next to --data")
    parser.add_argument("--limits", type=_rules, default="documented", help="documented, none or uploads=5/60,status=5")
    parser.add_argument("--sessions", type=int, default=SESSIONS, help="how many live sessions at a time")
    parser.add_argument("--drills", action="store_true", help="let anyone with the key make it misbehave for a while")
    parser.add_argument("--script", type=_script, help="a JSON file that replaces the recogniser, for tests")
    arguments = parser.parse_args()
    arguments.key = arguments.key or [os.environ.get(KEY_VARIABLE, "")]
    if not all(arguments.key):
        parser.error(f"an API key is needed: set {KEY_VARIABLE}, or give --key")
    return arguments


async def serve(arguments: argparse.Namespace) -> None:
    """Serve until a signal; print the address in one line."""
    stop = _on_signals()
    runner = web.AppRunner(await build(arguments), access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, arguments.host, arguments.port)
        await site.start()
        host, port = runner.addresses[0][:2]
        sys.stdout.write(f"The speech server listens on http://{host}:{port}\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await runner.cleanup()


async def build(arguments: argparse.Namespace) -> web.Application:
    """Build the server from the command line. Raises RecogniserUnavailable if there is no model."""
    folder = arguments.data.resolve()  # absolute, because recogniser processes have another working directory
    folder.mkdir(parents=True, exist_ok=True)
    store = JobStore(folder)
    script = ScriptedRecogniser(arguments.script, folder / "ledger.jsonl") if arguments.script else None
    recogniser: Recogniser
    if script:
        recogniser, live = script, LiveSessions(lambda _: ScriptedLiveRecogniser(), None, arguments.sessions)
    else:
        models = (arguments.models or folder.parent / "models").resolve()
        recogniser = await RecogniserPool.open(models)
        languages = recogniser.description.languages
        live = LiveSessions(lambda options: LiveProcess(models, options), languages, arguments.sessions)
    queue = JobQueue(store, recogniser)
    server = SpeechServer(keys=tuple(arguments.key), gate=Gate(arguments.limits), store=store, queue=queue, live=live)
    drills = Drills(live) if arguments.drills else None
    application = server.application(*(one.middleware for one in (drills, script) if one))
    if drills:
        drills.add_routes(application, server)
    if script:
        script.add_routes(application)
    return application


def _on_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _rules(text: str) -> Rules:
    try:
        return parse_rules(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _script(text: str) -> Script:
    try:
        return Script.read(json.loads(Path(text).read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"The script {text} can't be read: {error}") from error


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
