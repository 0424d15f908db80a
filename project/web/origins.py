"""Which pages can open a socket: only those of this origin (cross-site WebSocket hijacking).

A cookie is sent to every port of a host, so comparing names alone would let a page of another program on the same host
read and write in its visitor's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import validate_host

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

DEFAULT_PORTS = {"http": 80, "https": 443}


class SameOriginOnly:
    """Refuses a socket whose Origin is neither the host it connects to nor one of CSRF_TRUSTED_ORIGINS."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Forward a socket, or refuse it before it is accepted."""
        headers = {name: value.decode("latin1") for name, value in scope["headers"]}
        origin, host = headers.get(b"origin", ""), headers.get(b"host", "")
        application = self.application if is_allowed(origin, host) else WebsocketDenier()
        await application(scope, receive, send)


def is_allowed(origin: str, host: str) -> bool:
    """Return whether a page of this origin can open a socket at this host."""
    try:
        page = urlsplit(origin)
        target = urlsplit(f"{page.scheme}://{host}")
        same = page.scheme in DEFAULT_PORTS and _host_and_port(page) == _host_and_port(target)
    except ValueError:  # an invalid port
        return False
    if same and page.hostname:
        return validate_host(page.hostname, [name.strip("[]") for name in settings.ALLOWED_HOSTS])
    return any(_matches(origin, trusted) for trusted in settings.CSRF_TRUSTED_ORIGINS)


def _host_and_port(address: Any) -> tuple[str | None, int]:
    return address.hostname, address.port or DEFAULT_PORTS[address.scheme]


def _matches(origin: str, trusted: str) -> bool:
    """Compare as Django does for forms, a wildcard for subdomains included."""
    scheme, _, name = trusted.partition("://")
    if not name.startswith("*."):
        return origin == trusted.rstrip("/")
    return origin.startswith(f"{scheme}://") and origin.endswith(name[1:])
