"""The ASGI application: pages over HTTP, events over WebSocket."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
http = get_asgi_application()

from project.routing import websocket_urlpatterns  # noqa: E402  (needs the app registry)
from project.web.origins import SameOriginOnly  # noqa: E402
from transcripts.sockets.lifespan import Lifespan  # noqa: E402

application = Lifespan(
    ProtocolTypeRouter(
        {
            "http": http,
            "websocket": SameOriginOnly(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
        }
    )
)
