"""The web process, a guarded Daphne on BIND_ADDRESS and PORT: `python -m project.web [application]`."""

from __future__ import annotations

import logging
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

from project.connections import Connections, raise_file_limit
from project.guard import GuardedServer
from project.instance import Refusal, read_instance
from project.preflight import bind_address, trusted_proxies

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

APPLICATION = "project.asgi:application"


def load(path: str) -> Callable[..., Awaitable[None]]:
    """The ASGI application that a `module:name` stands for."""
    module, _, name = path.partition(":")
    return cast("Callable[..., Awaitable[None]]", getattr(import_module(module), name))


def serve(path: str) -> str | None:
    """Serve until told to stop; returns why it could not listen, if so. Raises Refusal for a wrong setting."""
    instance = read_instance()
    address = bind_address(instance).replace(":", r"\:")
    endpoint = f"tcp:port={instance.port}:interface={address}:backlog=512"
    connections = Connections(raise_file_limit(), trusted_proxies(instance))
    application = load(path)
    if path == APPLICATION:
        from project.first_visit import announce  # needs the applications that were just loaded

        announce(partial(print, flush=True))
    server = GuardedServer(application, endpoint, connections)
    server.run()
    return server.failure


# Threads that ask the database hand over to the event loop ten times sooner than by Python's own measure: live frames
# wait for it.
SWITCH_EVERY_S = 0.0005


def main() -> None:
    """The command line; exit status 1 with a sentence if the port cannot be had."""
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
    sys.setswitchinterval(SWITCH_EVERY_S)
    try:
        failure = serve(sys.argv[1] if len(sys.argv) > 1 else APPLICATION)
    except Refusal as refusal:
        failure = str(refusal)
    if failure is not None:
        sys.exit(f"The web process cannot listen: {failure}")


if __name__ == "__main__":
    main()
