"""The ASGI application: pages over HTTP, parts of uploads while they arrive, events over WebSocket."""

import os
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
pages = get_asgi_application()

from project.routing import websocket_urlpatterns  # noqa: E402  (needs the app registry)
from project.web.bodies import EXTENSION  # noqa: E402
from project.web.origins import SameOriginOnly  # noqa: E402
from project.web.streaming import StreamingHandler  # noqa: E402
from transcripts.sockets.lifespan import Lifespan  # noqa: E402

streams = StreamingHandler()


async def http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer a request by the handler for its kind; another server than ours has no bodies that arrive."""
    if EXTENSION in scope.get("extensions", {}):
        await streams(scope, receive, send)
    else:
        await streams.precedence.answer(pages, scope, receive, send)


application = Lifespan(
    ProtocolTypeRouter(
        {
            "http": http,
            "websocket": SameOriginOnly(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
        }
    )
)
