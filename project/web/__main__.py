"""The web process, a guarded Daphne on BIND_ADDRESS and PORT: `python -m project.web [application]`."""

from __future__ import annotations

import logging
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

from project.instance import Refusal, read_instance
from project.preflight import bind_address, trusted_proxies
from project.web.connections import Connections, raise_file_limit
from project.web.guard import GuardedServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

APPLICATION = "project.asgi:application"


def load(path: str) -> Callable[..., Awaitable[None]]:
    """Import the ASGI application `module:name`."""
    module, _, name = path.partition(":")
    return cast("Callable[..., Awaitable[None]]", getattr(import_module(module), name))


def serve(path: str) -> str | None:
    """Serve until stopped; return why it couldn't listen, if so. Raises Refusal for a wrong setting."""
    instance = read_instance()
    address = bind_address(instance).replace(":", r"\:")
    endpoint = f"tcp:port={instance.port}:interface={address}:backlog=512"
    connections = Connections(raise_file_limit(), trusted_proxies(instance))
    application = load(path)
    if path == APPLICATION:
        from project.web.heap import settle  # these need the app registry, which was just loaded
        from project.web.setup_link import announce

        settle()
        announce(partial(print, flush=True))
    server = GuardedServer(application, endpoint, connections)
    server.run()
    return server.failure


# Threads that query the database yield to the event loop ten times sooner than by Python's default, because live frames
# wait for it.
SWITCH_EVERY_S = 0.0005


def main() -> None:
    """Run the command line; exit status 1 with a message if it can't listen."""
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
    sys.setswitchinterval(SWITCH_EVERY_S)
    try:
        failure = serve(sys.argv[1] if len(sys.argv) > 1 else APPLICATION)
    except Refusal as refusal:
        failure = str(refusal)
    if failure is not None:
        sys.exit(f"The web process can't listen: {failure}")


if __name__ == "__main__":
    main()
